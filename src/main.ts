import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { loadCluster } from './kubernetes/kubeconfig.ts';
import { createLogger } from './logger.ts';
import { PLAYGROUND_OPERATIONS } from './playground-operations.ts';

const USAGE = `usage: writ sandbox | writ serve [--kubeconfig FILE] | writ controller [--kubeconfig FILE]

  sandbox     Writ on an embedded, in-memory imitation of the Kubernetes API, with demo data
  serve       Writ on a real cluster: --kubeconfig FILE, KUBECONFIG, or the service account of its pod
  controller  its own duties there (status, repair, clean-up), under another service account

Settings are environment variables that begin with WRIT_; see the README.`;

/** What a command leaves running, to be closed in order. */
interface Running {
  close(): Promise<void>;
}

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { kubeconfig: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [command] = positionals;
  if (values.help || positionals.length !== 1) return exitWith(values.help ? 0 : 2, USAGE);
  const config = readConfig();
  if (command === 'sandbox') return stopOnSignal(await sandbox(config));
  if (command === 'serve') return stopOnSignal(await serve(config, values.kubeconfig));
  if (command === 'controller') return stopOnSignal(await controller(config, values.kubeconfig));
  exitWith(2, `There is no command "${command}".\n\n${USAGE}`);
}

async function serve(config: Config, kubeconfig: string | undefined): Promise<Running> {
  const { backendContext, inCluster } = config;
  const cluster = loadCluster({ kubeconfig: kubeconfig ?? config.kubeconfig, backendContext, inCluster });
  const logger = createLogger({ level: config.logLevel });
  const playground = config.playground && { operations: PLAYGROUND_OPERATIONS };
  const app = createApp({ config, cluster, logger, playground });
  const { url, adminUrl } = await app.start();
  logger.info({ url, adminUrl, cluster: cluster.endpoint.server }, 'Writ serves');
  return app;
}

async function controller(config: Config, kubeconfig: string | undefined): Promise<Running> {
  const { backendContext, inCluster } = config;
  const cluster = loadCluster({ kubeconfig: kubeconfig ?? config.kubeconfig, backendContext, inCluster });
  const logger = createLogger({ level: config.logLevel });
  const { createControllerApp } = await import('./controller-app.ts');
  const app = createControllerApp({ config, cluster, logger });
  const { adminUrl } = await app.start();
  logger.info({ adminUrl, cluster: cluster.endpoint.server }, 'the controller runs');
  return app;
}

async function sandbox(config: Config): Promise<Running> {
  // A real cluster's deployment has no need to load it.
  const { startSandbox } = await import('./sandbox/sandbox.ts');
  const kubernetes = await startSandbox({ host: config.host, port: config.sandboxPort });
  mkdirSync('.sandbox', { recursive: true, mode: 0o700 });
  writeFileSync('.sandbox/kubeconfig', kubernetes.kubeconfig(), { mode: 0o600 });

  const { createControllerApp } = await import('./controller-app.ts');
  const logger = createLogger({ level: config.logLevel });
  const clusterAs = (backendContext: string) =>
    loadCluster({ kubeconfig: '.sandbox/kubeconfig', backendContext, inCluster: false });
  const { alice } = kubernetes.identities;
  const app = createApp({
    config,
    cluster: clusterAs('backend'),
    logger,
    playground: { operations: PLAYGROUND_OPERATIONS, token: alice.token },
  });
  const controllerConfig = { ...config, adminPort: 0 };
  const controller = createControllerApp({
    config: controllerConfig,
    cluster: clusterAs('controller'),
    logger,
  });
  const [{ url }] = await Promise.all([app.start(), controller.start()]);
  say(`
Writ serves its sandbox, an imitation of Kubernetes that forgets everything when it stops.

  Playground   ${url.replace('127.0.0.1', 'localhost')}
  Kubernetes   ${kubernetes.server}, with kubectl --kubeconfig .sandbox/kubeconfig --context alice

  Tokens       sandbox-alice-token     may edit in the project demo (the playground has it filled in)
               sandbox-victor-token    may view in the project demo
               sandbox-mallory-token   may do nothing
               sandbox-admin-token     may do everything

ctrl-C stops it.
`);
  return {
    async close() {
      await Promise.all([app.close(), controller.close()]);
      await kubernetes.close();
    },
  };
}

/** The first signal stops in order; a second one at once. */
function stopOnSignal(running: Running): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    running.close().then(
      () => process.exit(0),
      (error: unknown) => exitWith(1, String(error)),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function exitWith(code: number, text: string): void {
  process[code === 0 ? 'stdout' : 'stderr'].write(`${text}\n`);
  process.exitCode = code;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  exitWith(1, error instanceof Error ? error.message : String(error));
  process.exit();
});

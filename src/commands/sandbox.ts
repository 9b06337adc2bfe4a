import type { Config } from '../config/config.ts';
import { PLAYGROUND_OPERATIONS } from '../http/playground-operations.ts';
import { loadCluster } from '../kubernetes/connection/kubeconfig.ts';
import { isWildcard } from '../sandbox/addresses.ts';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createControllerProcess } from './controller.ts';
import type { RunningCommand } from './running-command.ts';
import { buildConsole } from './sandbox-console.ts';
import { draftKubeconfig, type KubeconfigFile } from './sandbox-kubeconfig.ts';
import { createApi } from './serve.ts';
import { loadTracing } from './tracing.ts';

/** The sandbox stores schedules, and does not run them. */
const TRIGGERS: Config['triggers'] = {
  image: 'localhost/writ',
  url: 'http://writ.invalid/graphql',
  tokenHeader: 'authorization',
};

/** Whom the banner and the console introduce. */
export const PEOPLE = [
  { name: 'alice', rights: 'edits in the project demo, and may create projects' },
  { name: 'victor', rights: 'views in the project demo' },
  { name: 'mallory', rights: 'has no permissions' },
  { name: 'admin', rights: 'has all permissions' },
] as const;

/** Those of its kubeconfig, by username. */
function contextsOf({ identities }: Sandbox): Map<string, string> {
  return new Map(Object.entries(identities).map(([context, { username }]) => [username, context]));
}

/** `writ sandbox`: the embedded Kubernetes API with Writ's API and controller, in one process. */
export async function runSandbox(config: Config): Promise<RunningCommand> {
  const kubernetes = await startSandbox({ host: config.api.host, port: config.sandbox.port });
  const file = draftKubeconfig(kubernetes.kubeconfig());
  try {
    return await start(config, kubernetes, file);
  } catch (error) {
    file.discard();
    throw error;
  }
}

async function start(config: Config, kubernetes: Sandbox, file: KubeconfigFile): Promise<RunningCommand> {
  const { host, playground } = config.api;
  const consoleBuilt = config.api.console && buildConsole();
  const people = PEOPLE.map((person) => ({ ...person, token: kubernetes.identities[person.name].token }));
  const logger = createLogger({ level: config.logLevel });
  const clusterAs = (backendContext: string) => loadCluster({ kubeconfigs: [file.draft], backendContext });
  const tracingOf = (serviceName: string) =>
    loadTracing(config, { serviceName, server: kubernetes.server, logger });
  const api = createApi({
    ...(await tracingOf('writ')),
    // Nobody waits for another replica.
    config: {
      ...config,
      triggers: config.triggers ?? TRIGGERS,
      api: { ...config.api, shutdownDrainMs: 0, developerTrace: true },
    },
    kubectlContexts: contextsOf(kubernetes),
    cluster: clusterAs('backend'),
    logger,
    playground: playground && {
      operations: PLAYGROUND_OPERATIONS,
      token: kubernetes.identities.alice.token,
    },
    console: config.api.console && { people },
  });
  const controller = createControllerProcess({
    ...(await tracingOf('writ-controller')),
    config: { ...config, admin: { ...config.admin, controllerPort: 0 } },
    cluster: clusterAs('controller'),
    logger,
  });
  const [{ url }] = await Promise.all([api.start(), controller.start()]);
  const kubeconfig = await file.publish();
  const hasConsole = await consoleBuilt;
  const isOpen = isWildcard(host);
  const shown = url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0|\[::\])/, '//localhost');
  process.stdout.write(`
Writ is running on its sandbox, an imitation of Kubernetes that keeps its data in memory.

${hasConsole ? `  Console      ${shown.replace(/graphql$/, 'console/')}\n` : ''}  ${playground ? 'Playground' : 'GraphQL   '}   ${shown}
  Kubernetes   ${kubernetes.server}, with kubectl --kubeconfig ${kubeconfig} --context alice

  Tokens       ${people.map(({ token, rights }) => token.padEnd(24) + rights).join('\n               ')}
${isOpen ? '\nWRIT_HOST opens all ports to other machines, and these tokens are no secret.\n' : ''}
Press Ctrl-C to stop.

`);
  return {
    async close() {
      await Promise.all([api.close(), controller.close()]);
      await kubernetes.close();
    },
  };
}

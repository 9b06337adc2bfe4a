import { generateKeyPair } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeCertificate } from '../../src/sandbox/certificates.ts';
import { kubeconfig } from '../../src/sandbox/kubeconfig.ts';
import { type Endpoint, KubernetesClient } from '../support/kubernetes-client.ts';
import { applyManifests, type Manifest } from './apply.ts';
import type { Binaries } from './binaries.ts';
import { bindPods } from './bind-pods.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, kwokFlags, type Layout } from './flags.ts';
import { components, type Identities, people, tokenFile } from './identities.ts';
import { freePorts, Processes } from './processes.ts';

export interface ControlPlaneOptions {
  binaries: Binaries;
  /**
   * Applied before the controllers start. The garbage collector looks for new kinds only every 30 s, so custom
   * resources whose children it shall collect belong here.
   */
  manifests?: Manifest[];
  /** `false`: Jobs get no pods and pods stay as they are. Otherwise how long a pod is Pending and then Running. */
  runner?: false | { pendingMs: number; runningMs: number };
  /** Whether admission plugins that are off by default are on. */
  optionalPlugins?: boolean;
  /** An AuthenticationConfiguration, as YAML. */
  authentication?: string;
}

/** What tests may know of it; it can be sent to another process. */
export interface ControlPlaneAccess extends Endpoint {
  /** As /version says, such as v1.37.2. */
  version: string;
  identities: Identities;
  /** The path of a file with one event a line. */
  auditLog: string;
  /** The file that every pod's log is read from, one `TIME stdout F TEXT` a line. */
  podLog: string;
}

export interface ControlPlane extends ControlPlaneAccess {
  /** Holds logs and keys; it is removed at the end. */
  directory: string;
  admin: KubernetesClient;
  /** The process of the API server; a restart changes it. */
  apiServerPid(): number | undefined;
  /** YAML with a context for each identity. */
  kubeconfig(): string;
  /** Kills the API server and starts it again; its storage stays. Resolves when it is ready. */
  restart(): Promise<void>;
  /** Nothing is left of it then, nor if this process dies without. */
  close(): Promise<void>;
}

const NODE = 'fake-node';
const POD_LOG = 'pods.log';

/**
 * Starts etcd, kube-apiserver, kube-controller-manager and kwok on free ports of 127.0.0.1, with RBAC and an audit log.
 * Of Writ it has its two service accounts and what `manifests` holds.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const {
    binaries,
    manifests = [],
    runner = { pendingMs: 10, runningMs: 200 },
    optionalPlugins,
    authentication,
  } = options;
  const processes = new Processes();
  const stops: (() => void)[] = [];
  const close = async () => {
    for (const stop of stops) stop();
    await processes.close();
  };
  try {
    const { directory } = processes;
    const [etcd = 0, etcdPeer = 0, port = 0, kubelet = 0] = await freePorts(4);
    const layout = { directory, ports: { etcd, etcdPeer, server: port, kubelet } };
    const internal = components();
    const folk = people();
    const server = `https://127.0.0.1:${port}`;
    const ca = await writeServerFiles(
      layout,
      tokenFile([...Object.values(folk), ...Object.values(internal)]),
    );
    const connect = (token: string) => {
      const client = new KubernetesClient({ server, ca }, token);
      stops.unshift(() => void client.close());
      return client;
    };
    const admin = connect(folk.admin.token);

    processes.start(binaries.etcd, etcdFlags(layout));
    if (authentication) writeFileSync(join(directory, 'authentication.yaml'), authentication);
    const flags = apiServerFlags(layout, { optionalPlugins, authentication: authentication !== undefined });
    processes.start(binaries['kube-apiserver'], flags);
    const isReady = async () => (await admin.get('/readyz')).status === 200;
    await processes.until('kube-apiserver', isReady);
    await applyManifests(admin, manifests);

    const kubeconfigFor = ({ token }: { token: string }) => kubeconfig(server, ca, { admin: token });
    writeFileSync(join(directory, 'controllers.kubeconfig'), kubeconfigFor(internal.controllers));
    processes.start(binaries['kube-controller-manager'], controllerManagerFlags(layout, runner !== false));
    if (runner && binaries.kwok) {
      writeFileSync(join(directory, 'kwok.kubeconfig'), kubeconfigFor(internal.kwok));
      writeKwokFiles(layout, runner);
      await applyManifests(admin, [{ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } }]);
      processes.start(binaries.kwok, kwokFlags(layout, NODE));
      stops.unshift(bindPods(connect(internal.scheduler.token), NODE));
      const node = `/api/v1/nodes/${NODE}`;
      await processes.until('kwok', async () => (await admin.get(node)).body.status?.phase === 'Running');
    }
    const identities = {
      ...folk,
      backend: await serviceAccount(admin, 'writ-api'),
      controller: await serviceAccount(admin, 'writ-controller'),
    };
    const defaultAccount = '/api/v1/namespaces/writ-system/serviceaccounts/default';
    await processes.until(
      'kube-controller-manager',
      async () => (await admin.get(defaultAccount)).status === 200,
    );
    const tokens = Object.entries(identities).map(([name, { token }]) => [name, token]);
    return {
      server,
      ca,
      version: (await admin.must('GET', '/version')).gitVersion,
      identities,
      auditLog: join(directory, 'audit.log'),
      directory,
      podLog: join(directory, POD_LOG),
      admin,
      apiServerPid: () => processes.pidOf('kube-apiserver'),
      kubeconfig: () => kubeconfig(server, ca, Object.fromEntries(tokens)),
      async restart() {
        await processes.restart('kube-apiserver');
        await processes.until('kube-apiserver', isReady);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Answers the certificate, which is its own CA. */
async function writeServerFiles({ directory }: Layout, tokens: string): Promise<string> {
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text, { mode: 0o600 });
  const [{ cert, key }, { privateKey }] = await Promise.all([
    makeCertificate(),
    promisify(generateKeyPair)('rsa', { modulusLength: 2048 }),
  ]);
  write('server.crt', cert);
  write('server.key', key);
  write('service-account.key', privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  write('tokens.csv', tokens);
  const policy = fileURLToPath(new URL('../../deploy/audit-policy.yaml', import.meta.url));
  copyFileSync(policy, join(directory, 'audit-policy.yaml'));
  return cert;
}

function writeKwokFiles(
  { directory }: Layout,
  { pendingMs, runningMs }: { pendingMs: number; runningMs: number },
): void {
  const podLog = join(directory, POD_LOG);
  const stages = readFileSync(new URL('kwok.yaml', import.meta.url), 'utf8')
    .replace(/: PENDING_MS$/m, `: ${pendingMs}`)
    .replace(/: RUNNING_MS$/m, `: ${runningMs}`)
    .replace(/: POD_LOG$/m, `: ${JSON.stringify(podLog)}`);
  writeFileSync(join(directory, 'kwok.yaml'), stages);
  writeFileSync(podLog, `${new Date().toISOString()} stdout F the runner starts\n`);
}

/** A service account of Writ's, with a token for a day. */
async function serviceAccount(admin: KubernetesClient, name: string): Promise<Identities['backend']> {
  const namespace = 'writ-system';
  // The manifests may have brought them.
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await admin.post('/api/v1/namespaces', { metadata: { name: namespace } });
  await admin.post(accounts, { metadata: { name } });
  const { metadata } = await admin.must('GET', `${accounts}/${name}`);
  const expiry = { spec: { expirationSeconds: 86_400 } };
  const { status } = await admin.must('POST', `${accounts}/${name}/token`, expiry);
  return {
    token: status.token,
    username: `system:serviceaccount:${namespace}:${name}`,
    uid: metadata.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

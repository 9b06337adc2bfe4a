import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Authentication } from './access/authentication.ts';
import { OriginPolicy } from './access/origin-policy.ts';
import { Rbac } from './access/rbac.ts';
import { ServiceAccountTokens } from './access/service-account-tokens.ts';
import { clientHost } from './addresses.ts';
import { createApi } from './api/api.ts';
import type { RecordedRequest } from './api/recorded-request.ts';
import { makeCertificate } from './certificates.ts';
import { installDemo } from './demo.ts';
import { createIdentities, type IdentityName, type SandboxIdentity } from './identities.ts';
import { kubeconfig } from './kubeconfig.ts';
import { install, parseManifests, readManifests } from './manifests.ts';
import type { RunnerOptions } from './runner/job-run.ts';
import { PodLogs } from './runner/pod-logs.ts';
import { startRunner } from './runner/runner.ts';
import { startDefaultAccounts } from './storage/default-accounts.ts';
import { startGarbageCollection } from './storage/garbage-collection.ts';
import { Registry } from './storage/registry.ts';
import { Store } from './storage/store.ts';

export type { RecordedRequest } from './api/recorded-request.ts';
export type { SandboxIdentity } from './identities.ts';

export interface SandboxOptions {
  host?: string;
  /** 0 selects a free port. */
  port?: number;
  /** Whether the projects contain sample sessions. */
  demo?: boolean;
  runner?: false | RunnerOptions;
  /** Milliseconds between a change and the garbage collection that it causes. */
  gcMs?: number;
  /** Milliseconds between bookmarks. */
  bookmarkMs?: number;
  /** The minimum number of past events from which watches can resume. */
  history?: number;
}

export interface Sandbox {
  /** The address for clients on this machine: https://127.0.0.1:PORT */
  server: string;
  /** PEM */
  ca: string;
  identities: Record<IdentityName, SandboxIdentity>;
  /** The latest requests in order, refused ones included. */
  requests: RecordedRequest[];
  /** What containers have printed. */
  logs: Pick<PodLogs, 'append' | 'restart'>;
  /** TCP connections accepted so far. */
  connections(): number;
  /** YAML with a context for each identity. */
  kubeconfig(): string;
  close(): Promise<void>;
}

const deploy = new URL('../../deploy/', import.meta.url);

/**
 * Starts an in-memory imitation of the Kubernetes API over HTTPS, for trying Writ and for fast tests. If its response
 * differs from a real API server's, the sandbox is wrong. The known differences are in docs/sandbox.md.
 */
export async function startSandbox({
  host = '127.0.0.1',
  port = 0,
  demo = true,
  runner = { pendingMs: 1000, runningMs: 4000 },
  gcMs = 20,
  bookmarkMs = 60_000,
  history = 10_000,
}: SandboxOptions = {}): Promise<Sandbox> {
  const registry = new Registry(new Store(history), readManifests(new URL('crds/', deploy)));
  for (const manifest of [...bootstrapManifests(), ...readManifests(new URL('roles/', deploy))]) {
    install(registry, manifest);
  }
  const identities = createIdentities(registry);
  const tokens = new ServiceAccountTokens(registry);
  const authentication = new Authentication(Object.values(identities), tokens);
  const logs = new PodLogs();
  if (demo) installDemo(registry, logs);
  const stops = [startDefaultAccounts(registry)];
  // As with an API server that has just started, no watch can resume from an earlier version.
  registry.store.compact();
  stops.push(startGarbageCollection(registry, gcMs), endLogsWithPods(registry, logs));
  if (runner) stops.push(startRunner(registry, logs, runner));

  const requests: RecordedRequest[] = [];
  const rbac = new Rbac(registry);
  const services = { registry, rbac, authentication, tokens, logs, bookmarkMs, requests };
  const handle = createApi({ ...services, originPolicy: new OriginPolicy() });
  const certificate = await makeCertificate(host);
  // The limit of a real API server.
  const https = createServer({ ...certificate, maxHeaderSize: 1024 * 1024 }, handle);
  // Node's default of 5 s would close idle connections that clients of a real API server can reuse.
  https.keepAliveTimeout = 90_000;
  let connections = 0;
  https.on('connection', () => {
    connections += 1;
  });
  // Without a host, Node listens on `::`, and on 0.0.0.0 on a machine without IPv6.
  const address = host === '::' ? { port } : { port, host };
  await new Promise<void>((resolve, reject) => https.once('error', reject).listen(address, resolve));
  const server = `https://${clientHost(host)}:${(https.address() as AddressInfo).port}`;

  return {
    server,
    ca: certificate.cert,
    identities,
    requests,
    logs,
    connections: () => connections,
    kubeconfig() {
      const named = Object.entries(identities).map(([name, { token }]) => [name, token]);
      return kubeconfig(server, certificate.cert, Object.fromEntries(named));
    },
    async close() {
      for (const stop of stops) stop();
      const closed = new Promise((resolve) => https.close(resolve));
      https.closeAllConnections();
      await closed;
    },
  };
}

function bootstrapManifests() {
  return parseManifests(readFileSync(new URL('bootstrap.yaml', import.meta.url), 'utf8'));
}

function endLogsWithPods(registry: Registry, logs: PodLogs): () => void {
  const pods = registry.resource('', 'pods');
  return registry.store.subscribe(({ resource, type, object }) => {
    if (resource !== pods) return;
    if (type === 'DELETED') logs.delete(object.metadata.uid);
    else logs.endTerminated(object);
  });
}

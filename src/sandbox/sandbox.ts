import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createApi } from './api.ts';
import { Authentication } from './authentication.ts';
import { makeCertificate } from './certificates.ts';
import { installDemo } from './demo.ts';
import { startGarbageCollection } from './garbage-collection.ts';
import { kubeconfig } from './kubeconfig.ts';
import { install, parseManifests, readManifests } from './manifests.ts';
import { PodLogs } from './pod-logs.ts';
import { Rbac } from './rbac.ts';
import { Registry } from './registry.ts';
import { type RunnerOptions, startRunner } from './runner.ts';
import { ServiceAccountTokens, serviceAccountUser } from './service-account-tokens.ts';
import { Store } from './store.ts';

export interface SandboxIdentity {
  token: string;
  username: string;
  uid: string;
  groups: string[];
}

export interface RecordedRequest {
  at: number;
  user: string;
  method: string;
  /** With the query. */
  path: string;
  /** Kubernetes' verb: get, list, watch, create, update, patch, delete, deletecollection. */
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  auditId?: string;
  userAgent?: string;
  accept?: string;
  status: number;
  /** The answer of reviews, and of nothing else. */
  body?: unknown;
}

export interface SandboxOptions {
  host?: string;
  /** 0 picks a free one. */
  port?: number;
  /** Whether there are sessions to look at. */
  demo?: boolean;
  runner?: false | RunnerOptions;
  gcMs?: number;
  bookmarkMs?: number;
  /** How many events watches can resume from, at least. */
  history?: number;
}

type IdentityName = 'admin' | 'alice' | 'victor' | 'mallory' | 'backend' | 'controller';

export interface Sandbox {
  /** https://127.0.0.1:PORT */
  server: string;
  /** PEM */
  ca: string;
  identities: Record<IdentityName, SandboxIdentity>;
  /** What was asked, in order, refused requests too. */
  requests: RecordedRequest[];
  /** TCP connections accepted so far. */
  connections(): number;
  /** YAML with a context for each identity. */
  kubeconfig(): string;
  close(): Promise<void>;
}

const deploy = new URL('../../deploy/', import.meta.url);

/**
 * Starts an in-memory imitation of the Kubernetes API over HTTPS, for trying Writ and for fast tests. It is not
 * Kubernetes: hardly any admission plugin, no server-side apply, no strategic merge of lists, no protobuf, built-in kinds
 * hardly validated and not defaulted. Where it answers otherwise than a real API server, it is wrong.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const {
    host = '127.0.0.1',
    port = 0,
    demo = true,
    gcMs = 20,
    bookmarkMs = 60_000,
    history = 10_000,
  } = options;
  const { runner = { pendingMs: 1000, runningMs: 4000 } } = options;
  const registry = new Registry(new Store(history), readManifests(new URL('crds/', deploy)));
  for (const manifest of [...bootstrapManifests(), ...readManifests(new URL('roles/', deploy))]) {
    install(registry, manifest);
  }
  const identities = makeIdentities(registry);
  const rbac = new Rbac(registry);
  const tokens = new ServiceAccountTokens(registry);
  const authentication = new Authentication(Object.values(identities), tokens);
  const logs = new PodLogs();
  const requests: RecordedRequest[] = [];
  if (demo) installDemo(registry, logs);
  registry.store.forget();
  const stops = [startGarbageCollection(registry, gcMs), forgetLogs(registry, logs)];
  if (runner) stops.push(startRunner(registry, logs, runner));

  const certificate = await makeCertificate();
  const handle = createApi({ registry, rbac, authentication, tokens, logs, bookmarkMs, requests });
  const https = createServer(certificate, handle);
  // Node's 5 s would end idle connections that clients of a real API server may reuse.
  https.keepAliveTimeout = 90_000;
  let connections = 0;
  https.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve, reject) => https.once('error', reject).listen(port, host, resolve));
  const server = `https://${host}:${(https.address() as AddressInfo).port}`;

  return {
    server,
    ca: certificate.cert,
    identities,
    requests,
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

function forgetLogs(registry: Registry, logs: PodLogs): () => void {
  const pods = registry.resource('', 'pods');
  return registry.store.subscribe(({ resource, type, object }) => {
    if (resource === pods && type === 'DELETED') logs.drop(object.metadata.uid);
  });
}

function makeIdentities(registry: Registry): Record<IdentityName, SandboxIdentity> {
  const person = (username: string, ...groups: string[]) => ({
    token: `sandbox-${username}-token`,
    username,
    uid: `sandbox-${username}`,
    groups: [...groups, 'system:authenticated'],
  });
  const account = (name: string, token: string) => {
    const { metadata } = registry.get(registry.resource('', 'serviceaccounts'), 'writ-system', name);
    return { ...serviceAccountUser('writ-system', name, metadata.uid), token };
  };
  return {
    admin: person('admin', 'system:masters'),
    alice: person('alice'),
    victor: person('victor'),
    mallory: person('mallory'),
    backend: account('writ-api', 'sandbox-backend-token'),
    controller: account('writ-controller', 'sandbox-controller-token'),
  };
}

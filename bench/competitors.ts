import type { Client } from 'graphql-ws';
import { Pool } from 'undici';
import { readConfig } from '../src/config/config.ts';
import { connect, follow } from './live-clients.ts';
import type { Benchmark } from './measure.ts';
import { OPERATIONS, type OperationName, session, sessionsOf } from './operations.ts';
import { type Cluster, serve, serveOther, type Usage } from './process.ts';

const CONNECTIONS = 64;

interface Server extends Usage {
  name: string;
  kind: 'writ' | 'stock' | 'floor';
  url: string;
  stop(): Promise<void>;
  /** Whether all, or no, reads of a list must come from a mirror. */
  mirrored?: boolean;
}

/** A call of one user. */
type Send = (token: string) => Promise<unknown>;

/** How many sessions a round may use up. */
const SPARE_SESSIONS = 200;

export interface Competitors {
  writs: Server[];
  benchmarks(operation: OperationName, project: string, tokens: string[]): Benchmark[];
  stop(): Promise<void>;
}

/** Whether this Writ has mirrors, which can be switched off. */
function hasMirrors(): boolean {
  try {
    readConfig({ WRIT_MIRROR_BYTES: '0' });
    return true;
  } catch {
    return false;
  }
}

export async function startCompetitors(cluster: Cluster): Promise<Competitors> {
  const { kubeconfig } = cluster;
  const writ = async (
    name: string,
    settings?: Record<string, string>,
    mirrored?: boolean,
  ): Promise<Server> => ({
    name,
    kind: 'writ',
    ...(await serve(kubeconfig, settings)),
    ...(mirrored !== undefined && { mirrored }),
  });
  const writs = hasMirrors()
    ? [
        await writ('Writ, without mirror', { WRIT_MIRROR_BYTES: '0' }, false),
        await writ('Writ, mirrored', {}, true),
      ]
    : [await writ('Writ')];
  const stock: Server = {
    name: 'Yoga with client-node',
    kind: 'stock',
    ...(await serveOther('stock.ts', kubeconfig)),
  };
  const floor: Server = {
    name: 'Yoga with constants',
    kind: 'floor',
    ...(await serveOther('floor.ts', kubeconfig)),
  };
  const servers = [...writs, stock, floor];
  const api = new Pool(cluster.server, {
    connections: CONNECTIONS,
    allowH2: false,
    connect: { ca: cluster.ca },
  });
  const pools = new Map(
    servers.map(({ name, url }) => [name, new Pool(new URL(url).origin, { connections: CONNECTIONS })]),
  );

  const spare: string[] = [];
  let created = 0;
  /** Creates sessions that a round may use up. */
  const refill = async (project: string) => {
    const missing = Array.from({ length: SPARE_SESSIONS - spare.length }, () => `spare-${created++}`);
    for (const name of missing) await send(api, 'POST', sessionsOf(project), cluster.admin, session(name));
    spare.push(...missing);
  };
  const takeSpare = () => {
    const name = spare.pop();
    if (name === undefined) throw new Error(`a round used up ${SPARE_SESSIONS} sessions`);
    return name;
  };

  const raw = (operation: OperationName, project: string): Send => {
    const { raw: call, streams } = OPERATIONS[operation];
    return async (token) => {
      const { method, path, body } = call(project);
      const text = await send(api, method, path, token, body);
      if (streams) await watch(api, `${path}?watch=true&resourceVersion=${versionOf(text)}`, token);
    };
  };
  const sockets = new Map<string, Client>();
  const subscribe = (server: Server, operation: OperationName, project: string): Send => {
    const { query } = OPERATIONS[operation];
    return async (token) => {
      const key = `${server.name} ${token}`;
      const socket = sockets.get(key) ?? connect(server.url, token);
      sockets.set(key, socket);
      const end = await follow(socket, project, () => {}, query);
      end();
    };
  };
  const graphql = (server: Server, operation: OperationName, project: string): Send => {
    const pool = pools.get(server.name) as Pool;
    const { query, variables, usesUp, streams } = OPERATIONS[operation];
    if (streams) return subscribe(server, operation, project);
    return async (token) => {
      const body = { query, variables: variables(project, usesUp ? takeSpare() : '') };
      const text = await send(pool, 'POST', '/graphql', token, body);
      if (text.includes('"errors"')) throw new Error(`${server.name}: ${text.slice(0, 500)}`);
      const isScan = operation === 'search' || operation === 'newest';
      if (server.mirrored === false && text.includes('"mirror":'))
        throw new Error(`${server.name} answers from a mirror`);
      // The first scans start the mirror.
      if (server.mirrored && isScan) noteMirror(server.name, text.includes('"mirror":'));
    };
  };
  const apiServer = () => cluster.apiServer.cpuMs();
  return {
    writs,
    benchmarks(operation, project, tokens) {
      let next = 0;
      const inTurn = (each: Send) => () => each(tokens[next++ % tokens.length] ?? '');
      const { others, usesUp } = OPERATIONS[operation];
      const prepare = usesUp && { prepare: () => refill(project) };
      return [
        { name: 'raw', call: inTurn(raw(operation, project)), cpu: { apiServer } },
        ...servers
          .filter(({ kind }) => kind === 'writ' || others.includes(kind))
          .map((server) => ({
            name: server.name,
            ...prepare,
            call: inTurn(graphql(server, operation, project)),
            cpu: { server: () => server.cpuMs(), apiServer },
          })),
      ];
    },
    async stop() {
      requireMirrors();
      for (const socket of sockets.values()) socket.terminate();
      await Promise.all([api, ...pools.values()].map((pool) => pool.destroy()));
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

const mirrored = new Map<string, { all: number; fromMirror: number }>();

function noteMirror(name: string, fromMirror: boolean): void {
  const seen = mirrored.get(name) ?? { all: 0, fromMirror: 0 };
  mirrored.set(name, { all: seen.all + 1, fromMirror: seen.fromMirror + Number(fromMirror) });
}

/** Only the first scans are made without one. */
function requireMirrors(): void {
  for (const [name, { all, fromMirror }] of mirrored) {
    if (fromMirror < 0.9 * all) throw new Error(`${name}: ${fromMirror} of ${all} scans came from a mirror`);
  }
}

/** Until the API server has accepted it. */
async function watch(pool: Pool, path: string, token: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'GET',
    path,
    headers: { authorization: `Bearer ${token}` },
  });
  body.on('error', () => {});
  body.destroy();
  if (statusCode >= 300) throw new Error(`${path}: ${statusCode}`);
}

/** Of a list. */
function versionOf(text: string): string {
  const { metadata } = JSON.parse(text) as { metadata: { resourceVersion: string } };
  return metadata.resourceVersion;
}

/** The body is read, and not parsed: what a client does with it is the same for all. */
async function send(
  pool: Pool,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  token: string,
  body?: object,
) {
  const response = await pool.request({
    method,
    path,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${path}: ${response.statusCode} ${text.slice(0, 500)}`);
  return text;
}

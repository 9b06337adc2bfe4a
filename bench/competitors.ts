import { Pool } from 'undici';
import { readConfig } from '../src/config/config.ts';
import type { Benchmark } from './measure.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
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

/** One of a user's calls, whose number decides the user. */
type Send = (token: string) => Promise<unknown>;

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

  const raw = (operation: OperationName, project: string): Send => {
    const { method, path, body } = OPERATIONS[operation].raw(project);
    return (token) => send(api, method, path, token, body);
  };
  const graphql = (server: Server, operation: OperationName, project: string): Send => {
    const pool = pools.get(server.name) as Pool;
    const { query, variables } = OPERATIONS[operation];
    const body = { query, variables: variables(project) };
    return async (token) => {
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
      const { others } = OPERATIONS[operation];
      return [
        { name: 'raw', call: inTurn(raw(operation, project)), cpu: { apiServer } },
        ...servers
          .filter(({ kind }) => kind === 'writ' || others.includes(kind))
          .map((server) => ({
            name: server.name,
            call: inTurn(graphql(server, operation, project)),
            cpu: { server: () => server.cpuMs(), apiServer },
          })),
      ];
    },
    async stop() {
      await Promise.all([api, ...pools.values()].map((pool) => pool.destroy()));
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

const mirrored = new Map<string, { all: number; fromMirror: number }>();

function noteMirror(name: string, fromMirror: boolean): void {
  const seen = mirrored.get(name) ?? { all: 0, fromMirror: 0 };
  mirrored.set(name, { all: seen.all + 1, fromMirror: seen.fromMirror + Number(fromMirror) });
  if (seen.all === 100 && seen.fromMirror === 0) throw new Error(`${name}: no scan comes from a mirror`);
}

/** The body is read, and not parsed: what a client does with it is the same for all. */
async function send(pool: Pool, method: 'GET' | 'POST', path: string, token: string, body?: object) {
  const response = await pool.request({
    method,
    path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${path}: ${response.statusCode} ${text.slice(0, 500)}`);
  return text;
}

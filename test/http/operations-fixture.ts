import { AutomaticQueries } from '../../src/http/operations/automatic-queries.ts';
import type { OperationRules } from '../../src/http/operations/document-resolver.ts';
import { OperationList } from '../../src/http/operations/operation-list.ts';
import type { ServerContext } from '../../src/http/request-state.ts';
import type { Identity } from '../../src/http/websocket/operation.ts';
import { sha256 } from '../support/operations-file.ts';
import { events, type GraphQLBody, getUrl, type Started, start } from './fixture.ts';
import { INIT, openSocket } from './websocket-fixture.ts';

export const LISTED = 'query Greet($name: String!) { hello(name: $name) }';
export const LISTED_MUTATION = 'mutation Touch { touch }';
export const LISTED_SUBSCRIPTION = 'subscription Count { count(to: 1) }';

/** Parameters as a client may send them. */
export type Sent = Record<string, unknown>;

export const byHash = (text: string, params: Sent = {}): Sent => ({
  ...params,
  extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } },
});
export const byId = (text: string, params: Sent = {}): Sent => ({
  ...params,
  documentId: `sha256:${sha256(text)}`,
});

export function listOf(...texts: string[]): OperationList {
  return new OperationList(texts.map((text) => ({ id: sha256(text), text })));
}

/** Callers say who they are in headers. */
const identity: Identity = {
  async identify({ req, state }: ServerContext) {
    state.user = String(req.headers['x-user'] ?? 'alice');
    state.username = state.user;
    state.groups = String(req.headers['x-groups'] ?? '').split(',');
  },
  async createContext(server) {
    await identity.identify(server);
    return {};
  },
};

export function startWith(rules: Partial<OperationRules>, deps: object = {}): Promise<Started> {
  return start({ identity, operations: { adHoc: false, introspection: true, ...rules }, ...deps });
}

export const automatic = () => ({ adHoc: true, automatic: new AutomaticQueries() });

type Send = (url: string, sent: Sent, headers?: Record<string, string>) => Promise<GraphQLBody>;

async function overPost(url: string, sent: Sent, headers: Record<string, string> = {}, accept = '') {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(accept && { accept }), ...headers },
    body: JSON.stringify(sent),
  });
}

/** The first result of an operation. */
export const TRANSPORTS: Record<string, Send> = {
  POST: async (...args) => (await overPost(...args)).json() as Promise<GraphQLBody>,
  GET: async (url, { documentId, ...sent }, headers = {}) => {
    const address = new URL(getUrl(url, sent));
    if (documentId !== undefined) address.searchParams.set('documentId', String(documentId));
    return (await fetch(address, { headers })).json() as Promise<GraphQLBody>;
  },
  'an event stream': async (url, sent, headers = {}) => {
    const response = await overPost(url, sent, headers, 'text/event-stream');
    return (await events(response))[0]?.data ?? {};
  },
  'a WebSocket': async (url, sent, headers = {}) => {
    const { socket, send, next } = await openSocket(url, { headers });
    send(INIT);
    await next();
    send({ id: '1', type: 'subscribe', payload: sent });
    const { type, payload } = await next();
    socket.terminate();
    return type === 'error' ? { errors: payload } : payload;
  },
};

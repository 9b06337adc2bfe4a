import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startCollector } from '../support/trace-collector.ts';
import { startWatchedWrit } from './watched-writ.ts';

const collector = await startCollector();
const CONTEXT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

/** Each of them is somewhere in a request, and none may be in a trace. */
const MARKERS = {
  variable: 'marker-in-a-variable',
  project: 'marker-as-project',
  name: 'marker-as-name',
  selector: 'marker-in-selector',
  header: 'marker-in-a-header',
  state: 'marker-in-tracestate',
  baggage: 'marker-in-baggage',
  text: 'marker-in-the-text',
  alias: 'markerAsAlias',
  host: 'marker-as-host',
  query: 'marker-in-the-url',
  body: 'marker-in-a-body',
};

const OPERATIONS: [string, object?][] = [
  [
    `query Reads($name: String!) {
      # ${MARKERS.text}
      ${MARKERS.alias}: session(project: "demo", name: $name) { name }
      sessions: project(name: "demo") { sessions(labelSelector: "a=${MARKERS.selector}") { nodes { name } } }
      absent: project(name: "${MARKERS.project}") { name sessions { nodes { name } } }
    }`,
    { name: MARKERS.name },
  ],
  [
    'mutation Create($input: CreateSessionInput!) { createSession(input: $input) { session { name } } }',
    { input: { project: 'demo', displayName: MARKERS.variable, initialPrompt: MARKERS.body } },
  ],
  [
    'mutation Denied($input: CreateSessionInput!) { createSession(input: $input) { session { name } } }',
    { input: { project: MARKERS.project, displayName: MARKERS.variable } },
  ],
  [
    'mutation Invalid($input: CreateSessionInput!) { createSession(input: $input) { session { name } } }',
    { input: { project: 'demo', labels: { [MARKERS.variable]: '//' }, initialPrompt: 5 } },
  ],
  [`query { ${MARKERS.alias}`],
  [`query { viewer { ${MARKERS.alias} } }`],
  [`query { node(id: "${MARKERS.text}") { id } }`],
];

describe('the traces of a hostile client', () => {
  const cluster = startTestCluster();
  const writ = startWatchedWrit(cluster, { environment: collector.environment() });
  const UNKNOWN_TOKEN = 'marker-as-token-0123456789';
  const requestIds: (string | null)[] = [];

  async function send(token: string, query: string, variables: object | undefined) {
    const response = await fetch(`${writ.url}?x=${MARKERS.query}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        traceparent: CONTEXT,
        tracestate: `vendor=${MARKERS.state}`,
        baggage: `user=${MARKERS.baggage}`,
        'user-agent': MARKERS.header,
        'x-forwarded-for': MARKERS.header,
        'x-forwarded-host': MARKERS.host,
        cookie: `a=${MARKERS.header}`,
      },
      body: JSON.stringify({ query, variables, extensions: { x: MARKERS.variable } }),
    });
    await response.text();
    requestIds.push(response.headers.get('x-request-id'));
  }

  it('have no text of it, no token, and no name of a user', async () => {
    const tokens = [cluster.identities.alice.token, cluster.identities.admin.token, UNKNOWN_TOKEN];
    for (const token of tokens) {
      for (const [query, variables] of OPERATIONS) await send(token, query, variables);
    }
    for (const id of requestIds) await collector.traceOf(id);
    const bytes = Buffer.concat(collector.bodies);
    // It was there to be found.
    for (const there of ['Mutation.createSession', 'act createSession', 'get agenticsessions', 'Reads']) {
      expect(bytes.includes(there)).toBe(true);
    }
    const { alice, admin, backend } = cluster.identities;
    const secrets = [...Object.values(MARKERS), ...[alice, admin, backend].map(({ token }) => token)];
    const names = [UNKNOWN_TOKEN, alice.username, backend.username, 'system:authenticated'];
    expect([...secrets, ...names].filter((text) => bytes.includes(text))).toEqual([]);
    expect(collector.spans.filter(({ traceState }) => traceState !== '')).toEqual([]);
  });

  it('go on in the calls to the API server, without the state and the baggage of the client', async () => {
    expect(writ.calls.length).toBeGreaterThan(10);
    const spans = await eventually(() => {
      const calls = collector.spans.filter(({ kind }) => kind === 'client');
      expect(calls.length).toBeGreaterThanOrEqual(writ.calls.length);
      return calls;
    });
    const byAuditId = new Map(spans.map((span) => [span.attributes['writ.kubernetes.audit_id'], span]));
    for (const { headers } of writ.calls) {
      const span = byAuditId.get(`${headers['audit-id']}`);
      expect(headers.traceparent).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
      expect(headers.tracestate).toBeUndefined();
      expect(headers.baggage).toBeUndefined();
    }
  });

  it('have the name of an operation cut to 100 characters', async () => {
    const name = 'N'.repeat(5_000);
    await send(cluster.identities.alice.token, `query ${name} { viewer { username } }`, undefined);
    const requestId = requestIds.at(-1) ?? null;
    const spans = await collector.traceOf(requestId);
    const operation = spans.find(
      ({ name, attributes }) => name === 'query' && attributes['writ.request_id'] === requestId,
    );
    expect(operation?.attributes['graphql.operation.name']).toBe(name.slice(0, 100));
  });
});

describe('a client that sends contexts', () => {
  const cluster = startTestCluster();
  const writ = startWatchedWrit(cluster, {
    environment: collector.environment({ OTEL_PROPAGATORS: 'none' }),
  });

  it('has no influence if the operator has turned propagation off', async () => {
    const answer = await writ.as('alice', '{ viewer { username } }', undefined, { traceparent: CONTEXT });
    const spans = await collector.traceOf(answer.headers.get('x-request-id'));
    expect(spans.map(({ traceId }) => traceId)).not.toContain(CONTEXT.split('-')[1]);
    expect(writ.calls.map(({ headers }) => headers.traceparent)).toEqual(writ.calls.map(() => undefined));
    expect(writ.calls.length).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { openClient, resultsOf } from '../http/websocket-fixture.ts';
import { eventually } from '../support/eventually.ts';
import { type ExportedSpan, startCollector } from '../support/trace-collector.ts';
import { startWrit } from '../support/writ.ts';

const CLIENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const PAGE = `query Page { project(name: "demo") { sessions(first: 5) { nodes { name job { name } } } } }`;

const named = (spans: ExportedSpan[], name: string) => {
  const found = spans.filter((span) => span.name === name);
  if (!found[0]) throw new Error(`no span ${name}, but ${spans.map((span) => span.name).join(', ')}`);
  return found[0];
};

const collector = await startCollector();

describe('a trace', () => {
  const writ = startWrit({ environment: collector.environment() });
  const traced = async (who: Parameters<typeof writ.as>[0], query: string, headers = {}) => {
    const answer = await writ.as(who, query, undefined, headers);
    return { answer, spans: await collector.traceOf(answer.headers.get('x-request-id')) };
  };

  it('goes from the client to the request, the operation, its fields and loaders, and their calls', async () => {
    const { answer, spans } = await traced('alice', PAGE, {
      traceparent: `00-${CLIENT.traceId}-${CLIENT.spanId}-01`,
    });
    expect(answer.errors).toBeUndefined();
    const requestId = answer.headers.get('x-request-id');
    const http = named(spans, 'POST /graphql');
    expect(http).toMatchObject({
      ...CLIENT,
      spanId: http.spanId,
      parentSpanId: CLIENT.spanId,
      kind: 'server',
    });
    expect(http.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'url.path': '/graphql',
      'http.response.status_code': 200,
    });
    expect(http.resource).toMatchObject({ 'service.name': 'writ' });
    const operation = named(spans, 'query');
    expect(operation.parentSpanId).toBe(http.spanId);
    expect(operation.attributes).toMatchObject({
      'writ.request_id': requestId,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Page',
    });
    expect(named(spans, 'create selfsubjectreviews').parentSpanId).toBe(http.spanId);
    expect(named(spans, 'Query.project').parentSpanId).toBe(operation.spanId);
    expect(named(spans, 'load projects').attributes).toEqual({ 'writ.batch.size': 1 });
    expect(named(spans, 'Project.sessions').parentSpanId).toBe(operation.spanId);
    expect(named(spans, 'list agenticsessions').parentSpanId).toBe(named(spans, 'Project.sessions').spanId);
    expect(named(spans, 'list jobs').parentSpanId).toBe(named(spans, 'load jobs').spanId);
    // One for each batch, and not for each session.
    expect(spans.filter(({ name }) => name === 'load jobs').length).toBe(1);
  });

  it('has each call with what it does and its Audit-ID', async () => {
    const { answer, spans } = await traced('alice', PAGE);
    const call = named(spans, 'list agenticsessions');
    expect(call.kind).toBe('client');
    const { port } = new URL(writ.sandbox.server);
    expect(call.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.response.body.size': expect.any(Number),
      'url.template': expect.stringMatching(
        /^\/apis\/vteam\.ambient-code\/\w+\/namespaces\/\{namespace\}\/agenticsessions$/,
      ),
      'server.address': expect.any(String),
      'server.port': Number(port),
      'k8s.namespace.name': 'demo',
      'writ.kubernetes.verb': 'list',
      'writ.kubernetes.group': 'vteam.ambient-code',
      'writ.kubernetes.resource': 'agenticsessions',
      'writ.kubernetes.identity': 'user',
      'writ.kubernetes.audit_id': expect.stringContaining(`${answer.headers.get('x-request-id')}.`),
    });
  });

  it('shows the review and the acts of a privileged mutation, with their identities', async () => {
    const { answer, spans } = await traced(
      'alice',
      'mutation { createSession(input: {project: "demo", initialPrompt: "x"}) { session { name } } }',
    );
    expect(answer.errors).toBeUndefined();
    const field = named(spans, 'Mutation.createSession');
    const authorize = named(spans, 'authorize createSession');
    expect(authorize.parentSpanId).toBe(field.spanId);
    expect(named(spans, 'create selfsubjectaccessreviews').parentSpanId).toBe(authorize.spanId);
    const created = named(spans, 'create agenticsessions');
    expect(created.attributes['writ.kubernetes.identity']).toBe('backend');
    const act = spans.find(({ spanId }) => spanId === created.parentSpanId);
    expect(act?.name).toBe('act createSession');
    expect(named(spans, 'mutation').attributes['graphql.operation.name']).toBeUndefined();
  });

  it('and the line of the log name each other', async () => {
    const { answer, spans } = await traced('alice', '{ viewer { username } }');
    const requestId = answer.headers.get('x-request-id');
    const line = writ.log.lines().find((each) => each.msg === 'operation' && each.requestId === requestId);
    expect(line?.traceId).toBe(spans[0]?.traceId);
  });

  it('notes the code of an error, and whether the client is at fault', async () => {
    const { spans } = await traced('mallory', '{ session(project: "demo", name: "x") { name } }');
    expect(named(spans, 'query')).toMatchObject({
      attributes: { 'error.type': 'FORBIDDEN' },
      isError: false,
    });
    expect(named(spans, 'get agenticsessions')).toMatchObject({
      attributes: { 'error.type': '403', 'http.response.status_code': 403 },
      isError: true,
    });
    const refused = await writ.post({ query: '{ viewer { username } }' });
    const [http] = await collector.traceOf(refused.headers.get('x-request-id'));
    expect(http?.attributes['http.response.status_code']).toBe(401);
  });

  it('is not sampled if the client has not sampled it, and the API server learns so', async () => {
    const before = collector.spans.length;
    const answer = await writ.as('alice', PAGE, undefined, {
      traceparent: `00-${CLIENT.traceId.replace('0af', '0bf')}-${CLIENT.spanId}-00`,
    });
    expect(answer.errors).toBeUndefined();
    await traced('alice', '{ viewer { username } }');
    const { traceId } = { traceId: CLIENT.traceId.replace('0af', '0bf') };
    expect(collector.spans.slice(before).filter((span) => span.traceId === traceId)).toEqual([]);
    const line = writ.log
      .lines()
      .find((each) => each.requestId === answer.headers.get('x-request-id') && each.msg === 'operation');
    expect(line?.traceId).toBe(traceId);
  });

  it.each([
    'x',
    `00-${'0'.repeat(32)}-${CLIENT.spanId}-01`,
    `ff-${CLIENT.traceId}-${CLIENT.spanId}-01`,
    `00-${CLIENT.traceId}-${CLIENT.spanId}-01-more`,
  ])('begins anew if the client sends an invalid context: %s', async (traceparent) => {
    const { spans } = await traced('alice', '{ viewer { username } }', { traceparent });
    expect(named(spans, 'POST /graphql').parentSpanId).toBe('');
  });

  it('of a subscription ends with its start, and each event has one that links to it', async () => {
    const stream = await writ.subscribe(
      'alice',
      'subscription Live { sessions(project: "demo") { __typename } }',
    );
    await stream.next();
    const requestId = stream.response.headers.get('x-request-id');
    const spans = await collector.traceOf(requestId);
    stream.close();
    const operation = named(spans, 'subscription');
    const http = named(spans, 'POST /graphql');
    const event = await eventually(() => {
      const found = collector.spans.find(
        ({ name, attributes }) =>
          name === 'subscription event' && attributes['writ.request_id'] === requestId,
      );
      if (!found) throw new Error('no span of an event');
      return found;
    });
    expect(operation.attributes['graphql.operation.name']).toBe('Live');
    expect(event.parentSpanId).toBe('');
    expect(event.traceId).not.toBe(http.traceId);
    expect(event.links).toEqual([{ traceId: http.traceId, spanId: http.spanId }]);
  });

  it('begins with each operation over a WebSocket', async () => {
    const connectionParams = { authorization: `Bearer ${writ.sandbox.identities.alice.token}` };
    const client = openClient(writ.url, { connectionParams });
    const before = collector.spans.length;
    await resultsOf(client, {
      query: 'query OverSocket { viewer { username } project(name: "demo") { name } }',
    });
    const root = await eventually(() =>
      named(
        collector.spans.slice(before).filter(({ attributes }) => attributes['graphql.operation.name']),
        'query',
      ),
    );
    expect(root).toMatchObject({ kind: 'server', parentSpanId: '' });
    expect(root.attributes).toMatchObject({
      'graphql.operation.name': 'OverSocket',
      'network.protocol.name': 'websocket',
    });
    const calls = collector.spans.filter(
      ({ traceId, kind }) => traceId === root.traceId && kind === 'client',
    );
    expect(calls.map(({ name }) => name)).toContain('get namespaces');
  });
});

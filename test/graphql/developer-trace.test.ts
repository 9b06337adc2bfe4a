import { describe, expect, it } from 'vitest';
import type { UpstreamCall } from '../../src/kubernetes/call-trace.ts';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { putSession } from '../support/put-objects.ts';
import { openSocketStream } from '../support/socket-stream.ts';
import { BACKEND, type Who } from '../support/test-cluster.ts';
import { callsOf, upstreamOf } from '../support/upstream.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const PAGE =
  '{ project(name: "demo") { sessions(first: 3, labelSelector: "team=\'shop\'") { nodes { name } } } }';
const SESSION =
  '{ session(project: "demo", name: "fix-cart-rounding") { job { name } pods { name } events { message } logs(tailLines: 2) viewerCan(verb: "update") } }';
const LIVE = 'subscription { sessions(project: "demo") { events { type session { name pods { name } } } } }';

describe('the calls that a result lists', () => {
  // Each operation asks again who its caller is.
  const writ = startWrit({
    reviews: { allowMs: 0, denyMs: 0 },
    environment: { WRIT_DEVELOPER_TRACE: 'true', ...SCHEDULE_SETTINGS },
  });

  it.each<[string, Who, string]>([
    ['a page', 'alice', PAGE],
    ['nested fields', 'alice', SESSION],
    ['all that a viewer may see', 'victor', '{ projects { nodes { name viewerRole } } }'],
    ['reads that are denied', 'mallory', SESSION],
    ['a mutation', 'alice', 'mutation { createSession(input: {project: "demo"}) { session { name } } }'],
    [
      'a mutation with the own token',
      'alice',
      'mutation { updateSession(input: {project: "demo", name: "migrate-ci", displayName: "New"}) { session { name } } }',
    ],
    [
      'a mutation that the review denies',
      'victor',
      'mutation { createSession(input: {project: "demo"}) { session { name } } }',
    ],
    [
      'a mutation that fails',
      'alice',
      'mutation { createSession(input: {project: "demo", name: "migrate-ci"}) { session { name } } }',
    ],
    [
      'several mutations',
      'admin',
      'mutation { createProject(input: {name: "traced"}) { project { name } } deleteProject(name: "traced") { deletedId } }',
    ],
    ['an operation that is not valid', 'alice', '{ viewer { unknown } }'],
  ])('are those that the cluster got: %s', async (_, who, query) => {
    const { result, requests } = await writ.requestsDuring(() => writ.as(who, query));
    const calls = callsOf(result);
    const ofCluster = requests.map(({ user, verb, group, resource, path, status, auditId, ...of }) => ({
      auditId,
      identity: user === BACKEND ? 'backend' : 'user',
      path,
      status,
      // The cluster knows no object of these.
      ...(resource && {
        verb,
        group,
        resource,
        subresource: of.subresource ?? null,
        namespace: of.namespace ?? null,
      }),
    }));
    const inOrder = <T extends { auditId?: string | undefined }>(list: T[]) =>
      list.toSorted((one, other) => numberOf(one.auditId) - numberOf(other.auditId));
    expect(calls).toMatchObject(inOrder(ofCluster));
    expect(calls.length).toBeGreaterThan(0);
    for (const { startedAtMs, durationMs, bytes, status, command } of calls) {
      expect(startedAtMs).toBeGreaterThanOrEqual(0);
      expect(durationMs).toBeGreaterThanOrEqual(0);
      expect(bytes === null || bytes > 0).toBe(true);
      expect(status === null || status < 300 || bytes === null).toBe(true);
      expect(command).toMatch(/^(# [^\n]+\n)*kubectl [a-z]/);
    }
  });

  const numberOf = (auditId = '') => Number(auditId.split('.')[1]);

  it('have the name of an object that is created', async () => {
    const query = 'mutation { createSession(input: {project: "demo", name: "named"}) { session { name } } }';
    const calls = callsOf(await writ.as('alice', query));
    const created = calls.filter(({ verb, identity }) => verb === 'create' && identity === 'backend');
    expect(created[0]).toMatchObject({ resource: 'agenticsessions', name: 'named', status: 201 });
    expect(created.every(({ name }) => name !== null)).toBe(true);
  });

  it('are there for a token that the cluster does not accept', async () => {
    const result = await writ.post({ query: PAGE }, { authorization: 'Bearer made-up' });
    expect(codeOf(result)).toBe('UNAUTHENTICATED');
    expect(callsOf(result)).toMatchObject([{ resource: 'selfsubjectreviews', status: 401 }]);
    expect(result.text).not.toContain('made-up');
  });

  it('contain no value of a secret, no token and no value of a variable', async () => {
    const results = [
      await writ.as(
        'alice',
        'mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { name } } }',
        { input: { project: 'demo', environmentVariables: [{ key: 'KEY', value: 'canary-1' }] } },
      ),
      await writ.as(
        'admin',
        `mutation {
          updateRunnerSecrets(input: {project: "demo", set: [{key: "KEY", value: "canary-2"}]}) { runnerSecretKeys }
          createAccessKey(input: {project: "demo", name: "traced", role: VIEW, expiresAt: "${new Date(Date.now() + 86_400_000).toISOString()}"}) { token }
        }`,
      ),
      await writ.as(
        'alice',
        'mutation ($input: CreateScheduledSessionInput!) { createScheduledSession(input: $input) { __typename } }',
        {
          input: {
            project: 'demo',
            name: 'traced',
            schedule: '0 3 * * *',
            session: { environmentVariables: [{ key: 'KEY', value: 'canary-3' }] },
          },
        },
      ),
    ];
    for (const result of results) {
      expect(result.errors).toBeUndefined();
      const text = JSON.stringify(callsOf(result));
      expect(text).not.toMatch(/canary-|eyJ|Bearer|sandbox-\w+-token/);
      expect(text).not.toContain(Buffer.from('canary-2').toString('base64'));
    }
    expect(callsOf(results[1] as object).map(({ subresource }) => subresource)).toContain('token');
  });

  it('are those of each event of a subscription', async () => {
    const stream = await writ.subscribe('alice', LIVE);
    /** The calls of the events until one has this. */
    const until = async (text: string) => {
      for (const calls: UpstreamCall[] = []; ; ) {
        const event = await stream.next();
        calls.push(...callsOf(event));
        if (JSON.stringify(event.data).includes(text)) return calls;
      }
    };
    const kindsOf = (calls: UpstreamCall[]) => calls.map(({ resource, verb }) => `${verb} ${resource}`);
    const snapshot = await until('SYNCED');
    expect(kindsOf(snapshot)).toEqual(
      expect.arrayContaining(['create selfsubjectreviews', 'list agenticsessions', 'list pods']),
    );
    await putSession(writ.kubernetes('admin'), 'demo', 'seen-by-trace');
    const later = await until('seen-by-trace');
    expect(kindsOf(later)).toContain('list pods');
    // Which may have begun before or after the snapshot was sent.
    expect(kindsOf([...snapshot, ...later])).toContain('watch agenticsessions');
    expect(kindsOf(later)).not.toContain('create selfsubjectreviews');
    const ids = [...snapshot, ...later].map(({ auditId }) => auditId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.split('.')[0])).size).toBe(1);
    stream.close();
  });

  it('are not those of a watch that another subscription has begun', async () => {
    const [first, second] = [await writ.subscribe('alice', LIVE), await writ.subscribe('alice', LIVE)];
    await first.next();
    const calls = callsOf(await second.next());
    expect(calls.map(({ resource, verb }) => `${verb} ${resource}`)).not.toContain('watch agenticsessions');
    first.close();
    second.close();
  });

  it('are there over a WebSocket, for results, events, and operations that are not executed', async () => {
    const { token } = writ.sandbox.identities.alice;
    const once = async (query: string) => {
      const stream = openSocketStream(writ.url, { query }, token);
      const result = await stream.next();
      stream.close();
      return result;
    };
    expect(callsOf(await once(PAGE)).map(({ resource }) => resource)).toContain('agenticsessions');
    expect(callsOf(await once(LIVE)).map(({ resource }) => resource)).toContain('pods');
    const { errors } = await once('{ viewer { unknown } }');
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
      upstream: [{ resource: 'selfsubjectreviews' }],
    });
  });
});

describe('without the setting', () => {
  const writ = startWrit();

  it('no result lists calls', async () => {
    const results = [
      await writ.as('alice', PAGE),
      await writ.as('alice', LIVE),
      await writ.as('alice', '{ viewer { unknown } }'),
      await writ.post({ query: PAGE }, { authorization: 'Bearer made-up' }),
    ];
    expect(results.map(upstreamOf)).toEqual(results.map(() => undefined));
    expect(JSON.stringify(results)).not.toContain('kubectl');
  });
});

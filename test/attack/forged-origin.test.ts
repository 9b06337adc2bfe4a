import { beforeAll, describe, expect, it } from 'vitest';
import { SESSIONS, session } from '../support/objects.ts';
import { startTestCluster } from '../support/test-cluster.ts';

const POLICY = "ValidatingAdmissionPolicy 'writ-origin' with binding 'writ-origin' denied request:";
const USER = `${POLICY} spec.userContext is set by Writ alone`;
const ANNOTATIONS = `${POLICY} the annotations ambient-code.io/requested-by, request-id, input-digest, schedule-uid and scheduled-time are set by Writ alone`;

const cluster = startTestCluster({ runner: false });
const sessions = SESSIONS('demo');
const path = `${sessions}/of-writ`;
const requestedBy = (user: string | null) => ({
  metadata: { annotations: { 'ambient-code.io/requested-by': user } },
});

beforeAll(async () => {
  const { metadata } = requestedBy('alice');
  const spec = { userContext: { userId: 'alice' } };
  await cluster
    .as('backend')
    .create(sessions, session('of-writ', { metadata: { name: 'of-writ', ...metadata }, spec }));
});

describe.each(['admin', 'alice', 'controller'] as const)('who created a session, as %s', (who) => {
  const refusal = async (made: Promise<{ status: number; body: Record<string, unknown> }>) => {
    const { status, body } = await made;
    expect(body).toMatchObject({ reason: 'Forbidden', details: { kind: 'agenticsessions' } });
    return [status, (body.details as { causes: object[] }).causes];
  };
  const forged = (name: string, more: object) => session(name, { metadata: { name }, spec: {}, ...more });

  it.skipIf(who === 'controller')('cannot be said in a create', async () => {
    const post = (more: object, query = '') =>
      refusal(cluster.as(who).post(`${sessions}${query}`, forged('forged', more)));
    const spec = { userContext: { userId: 'eve' } };
    expect(await post({ spec })).toEqual([403, [{ message: USER }]]);
    expect(await post({ spec }, '?dryRun=All')).toEqual([403, [{ message: USER }]]);
    const metadata = { name: 'forged', ...requestedBy('eve').metadata };
    expect(await post({ metadata })).toEqual([403, [{ message: ANNOTATIONS }]]);
  });

  it('cannot be changed or removed', async () => {
    const patch = (body: object) => refusal(cluster.as(who).patch(path, body));
    // Another policy limits what the controller changes. The API server names any of those that deny.
    const oneOf = (message: string) =>
      who === 'controller' ? expect.stringMatching(/'writ-(origin|sessions)'/) : message;
    for (const user of ['eve', null]) {
      expect(await patch(requestedBy(user))).toEqual([403, [{ message: oneOf(ANNOTATIONS) }]]);
    }
    expect(await patch({ spec: { userContext: null } })).toEqual([403, [{ message: oneOf(USER) }]]);
  });

  it.skipIf(who === 'controller')('stays as it is when the rest changes', async () => {
    const { status, body } = await cluster.as(who).patch(path, { spec: { displayName: who } });
    expect(status).toBe(200);
    expect(body.spec.userContext).toEqual({ userId: 'alice' });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { type ProxiedRequest, type Reply, status } from '../support/cluster-proxy.ts';
import { JOBS, SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation, updateSessionMutation } from '../support/session-operations.ts';
import { codeOf } from '../support/writ.ts';

const CREATE = createSessionMutation('name phase job { name }');
const posts = (part: string) => (request: ProxiedRequest) =>
  request.method === 'POST' && request.path.includes(part);
const patches = (part: string) => (request: ProxiedRequest) =>
  request.method === 'PATCH' && request.path.includes(part);
const deletes = (part: string) => (request: ProxiedRequest) =>
  request.method === 'DELETE' && request.path.includes(part);

function limited(retryAfter?: number): Reply {
  const reply = status(429, 'TooManyRequests');
  return retryAfter === undefined ? reply : { ...reply, headers: { 'retry-after': String(retryAfter) } };
}

describe('a write that the cluster rejects with 429', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false }, environment: { WRIT_CALL_TIMEOUT_MS: '20000' } });
  const shortRequests = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_REQUEST_TIMEOUT_MS: '20000', WRIT_CALL_TIMEOUT_MS: '100000' },
  });
  const project = 'busy';
  beforeAll(async () => {
    await putProject(writ.kubernetes('admin'), project);
    await putProject(shortRequests.kubernetes('admin'), 'short');
  });

  /** Rejects the first requests of this kind. The result counts all of them. */
  function reject(matches: (request: ProxiedRequest) => boolean, times: number, reply: Reply, on = writ) {
    const seen = { count: 0 };
    on.proxy.set((request, forward) => {
      if (!matches(request)) return forward();
      seen.count += 1;
      return seen.count <= times ? reply : forward();
    });
    return seen;
  }

  it.each([
    ['the review', posts('selfsubjectaccessreviews')],
    ['the session', posts('/agenticsessions?')],
    ['its status', patches('/status')],
    ['the Secret', posts('/secrets?')],
    ['the ServiceAccount', posts('/serviceaccounts?')],
    ['the Role', posts('/roles?')],
    ['the RoleBinding', posts('/rolebindings?')],
    ['the token', posts('/token?')],
    ['the token in the Secret', patches('/secrets/')],
    ['the Job', posts('/jobs?')],
  ])('of createSession is sent again: %s', async (_, matches) => {
    const seen = reject(matches, 1, limited(0));
    const { data, errors } = await writ.as('alice', CREATE, { input: { project } });
    expect(errors).toBeUndefined();
    expect(data.createSession.session).toMatchObject({
      phase: 'CREATING',
      job: { name: expect.any(String) },
    });
    expect(seen.count).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['startSession', patches('/agenticsessions/'), 'CREATING'],
    ['stopSession', deletes('/jobs/'), 'STOPPING'],
  ])('of %s is sent again, more than once', async (mutation, matches, phase) => {
    const name = mutation.toLowerCase();
    const isStop = mutation === 'stopSession';
    await writ.as('alice', CREATE, { input: { project, name, start: isStop } });
    const seen = reject(matches, 4, limited(0));
    const query = `mutation { ${mutation}(project: "${project}", name: "${name}") { session { phase } } }`;
    const { data, errors } = await writ.as('alice', query);
    expect(errors).toBeUndefined();
    expect(data[mutation].session.phase).toBe(phase);
    expect(seen.count).toBeGreaterThanOrEqual(5);
  });

  it("of the caller's own is sent again: an update, a delete", async () => {
    await putSession(writ.kubernetes('admin'), project, 'own');
    const updates = reject(patches('/agenticsessions/'), 1, limited());
    const input = { project, name: 'own', displayName: 'After' };
    const { errors } = await writ.as('alice', updateSessionMutation(), { input });
    expect(errors).toBeUndefined();
    expect(updates.count).toBe(2);

    const seen = reject(deletes('/agenticsessions/'), 1, limited());
    const query = `mutation { deleteSession(project: "${project}", name: "own") { deletedId } }`;
    expect((await writ.as('admin', query)).errors).toBeUndefined();
    expect(seen.count).toBe(2);
  });

  it('with a Retry-After beyond the deadline is TOO_MANY_REQUESTS at once, and names the session', async () => {
    const seen = reject(posts('/roles?'), 100, limited(30));
    const { errors } = await writ.as('alice', CREATE, { input: { project, name: 'half' } });
    expect(errors).toMatchObject([
      {
        path: ['createSession'],
        extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 30, session: { project, name: 'half' } },
      },
    ]);
    expect(seen.count).toBe(1);
  });

  it('is not sent again after the deadline of the request, however long a call may take', async () => {
    const seen = reject(posts('/roles?'), 100, limited(25), shortRequests);
    const answer = await shortRequests.as('alice', CREATE, { input: { project: 'short' } });
    expect(codeOf(answer)).toBe('TOO_MANY_REQUESTS');
    expect(seen.count).toBe(1);
  });

  it('is not sent again as the first act when its review will be too old', async () => {
    const seen = reject(posts('/agenticsessions?'), 100, limited(6));
    const { errors } = await writ.as('alice', CREATE, { input: { project, name: 'late' } });
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 6 } }]);
    expect(seen.count).toBe(1);
    expect((await writ.kubernetes('admin').get(`${SESSIONS(project)}/late`)).status).toBe(404);
  });

  it('is made once', async () => {
    const seen = reject(posts('/jobs?'), 2, limited(0));
    const before = (await writ.kubernetes('admin').get(JOBS(project))).body.items.length;
    const { errors } = await writ.as('alice', CREATE, { input: { project } });
    expect(errors).toBeUndefined();
    expect(seen.count).toBe(3);
    const { body } = await writ.kubernetes('admin').get(JOBS(project));
    expect(body.items).toHaveLength(before + 1);
  });
});

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, status } from '../support/cluster-proxy.ts';
import { SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation, updateSessionMutation } from '../support/session-operations.ts';

const READ = '{ project(name: "frail") { name sessions { nodes { name } } } }';
const CREATE = createSessionMutation();
const UPDATE = updateSessionMutation('displayName');
const DELETE = 'mutation { deleteSession(project: "frail", name: "kept") { deletedId } }';
const never = () => new Promise<Reply>(() => {});

describe('a cluster that fails', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  let calls = 0;

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'frail');
    await putSession(admin, 'frail', 'kept');
  });
  afterEach(() => {
    calls = 0;
  });

  /** Answers requests on sessions so, the first `times` of them. */
  function answer(method: string, replies: (nth: number) => Reply | undefined) {
    writ.proxy.set((request, forward) => {
      if (request.method !== method || !request.path.includes('/agenticsessions')) return forward();
      calls += 1;
      return replies(calls) ?? forward();
    });
  }

  it.each([500, 502, 503])('once with %i is asked again for a read', async (code) => {
    answer('GET', (nth) => (nth === 1 ? status(code, 'Oops') : undefined));
    const { data, errors } = await writ.as('alice', READ);
    expect(errors).toBeUndefined();
    expect(data.project.sessions.nodes).toEqual([{ name: 'kept' }]);
    expect(calls).toBe(2);
  });

  it.each([500, 502, 503])(
    'with %i for good is UNAVAILABLE after three attempts, at its field',
    async (code) => {
      answer('GET', () => status(code, 'Oops', { message: 'etcd at 10.0.0.7 is down' }));
      const { data, errors, text } = await writ.as('alice', READ);
      expect(data.project).toEqual({ name: 'frail', sessions: null });
      expect(errors).toMatchObject([
        { path: ['project', 'sessions'], extensions: { code: 'UNAVAILABLE', kubernetes: { code } } },
      ]);
      expect(text).not.toContain('10.0.0.7');
      expect(calls).toBe(3);
    },
  );

  it('with something that is not JSON is UNAVAILABLE, and shows none of it', async () => {
    answer('GET', () => ({ status: 200, body: '<html>proxy of 10.0.0.7</html>' }));
    const { errors, text } = await writ.as('alice', READ);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(text).not.toContain('10.0.0.7');
  });

  it.each([
    ['a create', 'POST', CREATE, { input: { project: 'frail', start: false } }],
    ['an update', 'PATCH', UPDATE, { input: { project: 'frail', name: 'kept', displayName: 'x' } }],
    ['a delete', 'DELETE', DELETE, {}],
  ])('is asked once for a write: %s', async (_, method, query, variables) => {
    for (const code of [500, 502, 503, 504]) {
      calls = 0;
      answer(method, () => status(code, 'Oops'));
      const { data, errors } = await writ.as('admin', query, variables);
      expect(Object.values(data)).toEqual([null]);
      expect(errors).toMatchObject([{ extensions: { code: code === 504 ? 'TIMEOUT' : 'UNAVAILABLE' } }]);
      expect(calls).toBe(1);
    }
  });

  it('that asks for fewer requests is asked again, and then TOO_MANY_REQUESTS says when to come back', async () => {
    answer('GET', () => ({ ...status(429, 'TooManyRequests'), headers: { 'retry-after': '1' } }));
    const { errors } = await writ.as('alice', READ);
    expect(errors).toMatchObject([
      { path: ['project', 'sessions'], extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 1 } },
    ]);
    expect(calls).toBe(3);
  });

  it('that asks for fewer requests once gets its pause, and answers', async () => {
    answer('GET', (nth) =>
      nth === 1 ? { ...status(429, 'TooManyRequests'), headers: { 'retry-after': '0' } } : undefined,
    );
    const { errors } = await writ.as('alice', READ);
    expect(errors).toBeUndefined();
    expect(calls).toBe(2);
  });

  it('that asks to come back after the deadline of the call is not asked again', async () => {
    answer('GET', () => ({ ...status(429, 'TooManyRequests'), headers: { 'retry-after': '3600' } }));
    const { errors } = await writ.as('alice', READ);
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 3600 } }]);
    expect(calls).toBe(1);
  });

  it.each([
    [400, 'BAD_USER_INPUT'],
    [404, 'NOT_FOUND'],
    [409, 'CONFLICT'],
    [504, 'TIMEOUT'],
    [418, 'INTERNAL'],
  ])('with %i to a read is %s', async (code, expected) => {
    answer('GET', () => status(code, 'Oops'));
    const { errors } = await writ.as('alice', READ);
    expect(errors).toMatchObject([{ extensions: { code: expected } }]);
  });

  const PAGE = { body: '<html>proxy of 10.0.0.7</html>', headers: { 'content-type': 'text/html' } };
  it.each([
    ['a redirect', { ...PAGE, status: 302 }],
    ['a page that denies', { ...PAGE, status: 403 }],
    ['a page for what it does not find', { ...PAGE, status: 404 }],
    ['a page with 400', { ...PAGE, status: 400 }],
    ['a page with 200', { ...PAGE, status: 200 }],
    ['JSON of something else', { status: 200, body: { login: true } }],
    ['JSON that is no object', { status: 200, body: '"ok"' }],
  ])('with %s is UNAVAILABLE: that is no answer of an API server', async (_, reply) => {
    answer('GET', () => reply);
    const { data, errors, text } = await writ.as('alice', READ);
    expect(data.project.sessions).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(text).not.toContain('10.0.0.7');
  });

  it('without the custom resource definition is UNAVAILABLE, and says what is missing', async () => {
    // As the API server answers for a path that it does not serve.
    const reply = { status: 404, body: '404 page not found\n', headers: { 'content-type': 'text/plain' } };
    answer('GET', () => reply);
    for (const query of [READ, '{ session(project: "frail", name: "kept") { name } }']) {
      const { errors } = await writ.as('alice', query);
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/agenticsessions\.vteam\.ambient-code.*CustomResourceDefinition/),
          extensions: { code: 'UNAVAILABLE' },
        },
      ]);
    }
    answer('POST', () => reply);
    const { errors } = await writ.as('alice', CREATE, { input: { project: 'frail', start: false } });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
  });

  it.each(['selfsubjectreviews', 'selfsubjectaccessreviews'])(
    'that denies %s, which everybody may create, is UNAVAILABLE: it is starting',
    async (resource) => {
      writ.proxy.set(({ path }, forward) =>
        path.includes(`/${resource}`) ? status(403, 'Forbidden') : forward(),
      );
      const answered = await writ.as('alice', CREATE, { input: { project: 'frail', start: false } });
      expect(answered.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
      expect(answered.text).not.toContain('may not');
    },
  );

  it.each([
    ['UNAVAILABLE, as it may know no permissions yet', 500, 'UNAVAILABLE'],
    ['FORBIDDEN once it is ready', 200, 'FORBIDDEN'],
  ])('that was gone a moment ago and denies a read is %s', async (_, ready, expected) => {
    let isGone = true;
    writ.proxy.set(async ({ path, method }, forward) => {
      if (path.startsWith('/readyz')) return { status: ready, body: 'ok' };
      if (method !== 'GET' || !path.includes('/agenticsessions')) return forward();
      if (!isGone) return status(403, 'Forbidden');
      isGone = false;
      writ.proxy.cut();
      return never();
    });
    const { errors } = await writ.as('alice', READ);
    expect(errors).toMatchObject([{ path: ['project', 'sessions'], extensions: { code: expected } }]);
  });

  it('that takes the token no longer is UNAUTHENTICATED', async () => {
    answer('GET', () => status(401, 'Unauthorized'));
    const { errors } = await writ.as('alice', READ);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it("that refuses Writ's own token is UNAVAILABLE: it is not the caller's fault", async () => {
    answer('POST', () => status(401, 'Unauthorized'));
    const { errors } = await writ.as('alice', CREATE, { input: { project: 'frail', start: false } });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
  });

  it('to review what the user may do lets nobody write', async () => {
    const before = (await writ.kubernetes('admin').get(SESSIONS('frail'))).body.items.length;
    const reviews: (Reply | undefined)[] = [
      status(500, 'Oops'),
      { status: 201, body: {} },
      { status: 201, body: { status: {} } },
      { status: 201, body: { status: { allowed: 'true' } } },
      { status: 201, body: { status: { allowed: true, denied: true } } },
    ];
    for (const reply of reviews) {
      writ.proxy.set(({ path }, forward) =>
        reply && path.includes('selfsubjectaccessreviews') ? reply : forward(),
      );
      const { data, errors } = await writ.as('alice', CREATE, { input: { project: 'frail', start: false } });
      expect(data).toEqual({ createSession: null });
      expect(['UNAVAILABLE', 'FORBIDDEN']).toContain(errors?.[0]?.extensions.code);
    }
    expect((await writ.kubernetes('admin').get(SESSIONS('frail'))).body.items).toHaveLength(before);
  });
});

describe('a cluster that does not answer', () => {
  // Long enough for the calls that the cluster does answer.
  const slowCall = startProxiedWrit({ environment: { WRIT_CALL_TIMEOUT_MS: '2000' } });
  const slowRequest = startProxiedWrit({ environment: { WRIT_REQUEST_TIMEOUT_MS: '400' } });

  it('a call in time is TIMEOUT at its field', async () => {
    slowCall.proxy.set(({ path }, forward) => (path.includes('/agenticsessions') ? never() : forward()));
    const query = '{ project(name: "demo") { name sessions { nodes { name } } } }';
    const { data, errors } = await slowCall.as('alice', query);
    expect(data.project).toEqual({ name: 'demo', sessions: null });
    expect(errors).toMatchObject([{ path: ['project', 'sessions'], extensions: { code: 'TIMEOUT' } }]);
  });

  it('a write in time is TIMEOUT, and it is not sent again', async () => {
    slowCall.proxy.set(({ method }, forward) => (method === 'PATCH' ? never() : forward()));
    const before = slowCall.proxy.seen.length;
    const input = { project: 'demo', name: 'upgrade-postgres-client', displayName: 'x' };
    const { errors } = await slowCall.as('alice', UPDATE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
    const patches = slowCall.proxy.seen.slice(before).filter(({ method }) => method === 'PATCH');
    expect(patches).toHaveLength(1);
  });

  it('a request in time is TIMEOUT', async () => {
    slowRequest.proxy.set(({ path }, forward) => (path.includes('/agenticsessions') ? never() : forward()));
    const { errors } = await slowRequest.as(
      'alice',
      '{ project(name: "demo") { sessions { nodes { name } } } }',
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['TIMEOUT']);
  });

  it('who is asking is TIMEOUT', async () => {
    slowCall.proxy.set(({ path }, forward) => (path.includes('selfsubjectreviews') ? never() : forward()));
    const { data, errors } = await slowCall.as('alice', '{ viewer { username } }');
    expect(data).toBeFalsy();
    expect(errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
  });
});

describe('a cluster that is down', () => {
  const writ = startProxiedWrit();

  it('is UNAVAILABLE, and neither its address nor a token is shown', async () => {
    const { host } = new URL(writ.proxy.endpoint.server);
    await writ.proxy.close();
    const { data, errors, text } = await writ.as('alice', '{ viewer { username } }');
    expect(data).toBeFalsy();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    expect(text).not.toContain(host);
    expect(text).not.toContain('sandbox-alice-token');
  });
});

import { describe, expect, it } from 'vitest';
import { UserToken } from '../../src/kubernetes/token.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const LIST = '{ project(name: "demo") { sessions { nodes { name } } } }';
const CREATE = createSessionMutation();

describe('pattern: list resources', () => {
  const writ = startWrit();

  it('answers 401 without a valid token', async () => {
    const answer = await writ.post({ query: LIST });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  });

  it('shows a user only what the user may see', async () => {
    const names = async (who: 'alice' | 'mallory') =>
      (await writ.as(who, LIST)).data.project?.sessions?.nodes.length ?? 0;
    expect(await names('alice')).toBeGreaterThan(0);
    expect(await names('mallory')).toBe(0);
  });
});

describe('pattern: create a resource (validate, then escalate)', () => {
  const writ = startWrit();
  const created = (input: object) => writ.requestsDuring(() => writ.as('alice', CREATE, { input }));

  it('validates the request before it asks the cluster for anything but the identity', async () => {
    const { requests, result } = await created({ project: 'demo', name: 'Not A Name' });
    expect(result.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.name' }],
    });
    expect(requests.filter((request) => request.resource !== 'selfsubjectreviews')).toEqual([]);
  });

  it('asks whether the user may create in that namespace, with the token of the user', async () => {
    const { requests } = await created({ project: 'demo', start: false });
    expect(requests.find((request) => request.resource === 'selfsubjectaccessreviews')).toMatchObject({
      user: 'alice',
      body: {
        spec: {
          resourceAttributes: {
            group: 'vteam.ambient-code',
            resource: 'agenticsessions',
            verb: 'create',
            namespace: 'demo',
          },
        },
      },
    });
  });

  it('writes nothing where the user may not create', async () => {
    const { requests, result } = await writ.requestsDuring(() =>
      writ.as('victor', CREATE, { input: { project: 'demo' } }),
    );
    expect(result.errors?.[0]).toMatchObject({
      message: 'You may not create agenticsessions.vteam.ambient-code in namespace demo',
      extensions: { code: 'FORBIDDEN', verb: 'create', resource: 'agenticsessions', namespace: 'demo' },
    });
    expect(requests.some((request) => request.user === BACKEND)).toBe(false);
  });

  it('writes nothing where the review itself fails', async () => {
    // Nobody may ask for reviews any more: an error of a review is a refusal.
    const admin = writ.kubernetes('admin');
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/system:basic-user';
    const { body: binding } = await admin.get(path);
    expect((await admin.delete(path)).status).toBe(200);
    const mayAsk = async () => (await writ.kubernetes('alice').post(REVIEWS, { spec: {} })).status !== 403;
    await eventually(async () => expect(await mayAsk()).toBe(false));
    const { requests, result } = await created({ project: 'demo' });
    expect(codeOf(result)).toBe('UNAVAILABLE');
    expect(requests.some((request) => request.user === BACKEND)).toBe(false);
    const { uid: _, resourceVersion: __, ...metadata } = binding.metadata;
    expect((await admin.post(path.replace(/\/[^/]*$/, ''), { ...binding, metadata })).status).toBe(201);
    await eventually(async () => expect(await mayAsk()).toBe(true));
  });

  it('then writes with the service account, and gives the name of what it created', async () => {
    const { requests, result } = await created({ project: 'demo', start: false });
    const { name } = result.data.createSession.session;
    expect(requests.filter((request) => request.user === BACKEND).map((request) => request.verb)).toEqual([
      'create',
      'patch',
    ]);
    expect((await writ.kubernetes('alice').get(`${SESSIONS('demo')}/${name}`)).status).toBe(200);
  });
});

describe('anti-pattern: the service account lists', () => {
  const writ = startWrit();

  it('does not happen, and the cluster would refuse it', async () => {
    const backend = writ.kubernetes('backend');
    for (const path of [
      SESSIONS('demo'),
      `${SESSIONS('demo')}/fix-cart-rounding`,
      '/api/v1/namespaces/demo/secrets',
      '/api/v1/namespaces',
    ]) {
      const { status } = await backend.get(path);
      // Namespaces are shown to every authenticated user, the service account among them.
      expect([path, status]).toEqual([path, path === '/api/v1/namespaces' ? 200 : 403]);
    }
  });
});

describe('anti-pattern: falling back to the service account', () => {
  const writ = startWrit();

  it.each(['', 'Bearer', 'Bearer not-a-token-of-this-cluster', 'Basic YWxpY2U6YWxpY2U='])(
    'does not happen for the header "%s": 401, and no call of the service account',
    async (authorization) => {
      const { requests, result } = await writ.requestsDuring(() =>
        writ.post({ query: LIST }, { authorization }),
      );
      expect(result.status).toBe(401);
      expect(result.data).toBeUndefined();
      expect(requests.filter((request) => request.user === BACKEND)).toEqual([]);
    },
  );

  it('does not happen when a token is revoked between two requests', async () => {
    const admin = writ.kubernetes('admin');
    await admin.post('/api/v1/namespaces/demo/serviceaccounts', { metadata: { name: 'passing' } });
    const { body } = await admin.post('/api/v1/namespaces/demo/serviceaccounts/passing/token', {
      spec: {},
    });
    const headers = { authorization: `Bearer ${body.status.token}` };
    expect((await writ.post({ query: '{ viewer { username } }' }, headers)).data.viewer.username).toBe(
      'system:serviceaccount:demo:passing',
    );
    await admin.delete('/api/v1/namespaces/demo/serviceaccounts/passing');
    // Who it is may be remembered for some seconds; what it may see is asked of the cluster each time. A real one
    // takes the token itself for some seconds more.
    const { requests } = await writ.requestsDuring(() =>
      eventually(async () =>
        expect(codeOf(await writ.post({ query: LIST }, headers))).toBe('UNAUTHENTICATED'),
      ),
    );
    expect(requests.filter((request) => request.user === BACKEND)).toEqual([]);
    // That refusal made Writ forget who it was.
    expect((await writ.post({ query: '{ viewer { username } }' }, headers)).status).toBe(401);
  });
});

describe('the check-list', () => {
  const writ = startWrit();

  it('tokens are never logged: their length is', () => {
    const token = new UserToken('a'.repeat(812));
    expect(String(token)).toBe('[token, 812 chars]');
    expect(JSON.stringify({ token })).toBe('{"token":"[token, 812 chars]"}');
    const lines: string[] = [];
    createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } }).info(
      { token, nested: { token } },
      `${token}`,
    );
    expect(lines.join()).not.toContain('aaaa');
  });

  it('a cluster that cannot be reached is UNAVAILABLE, never a reason to use another identity', async () => {
    await writ.sandbox.close();
    const answer = await writ.as('alice', LIST);
    expect(codeOf(answer)).toBe('UNAVAILABLE');
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Client, core, named, sessions } from './client.ts';

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({ runner: false });
  client = new Client(sandbox);
});
afterAll(() => sandbox.close());

const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const tokenReviews = '/apis/authentication.k8s.io/v1/tokenreviews';

async function who(token: string) {
  const answer = await client.as(token).post(whoAmI, {});
  return answer.status === 201 ? answer.body.status.userInfo.username : answer.status;
}

describe('authentication', () => {
  test('a request without a token is system:anonymous and forbidden', async () => {
    const { status, body } = await client.get(sessions);
    expect(status).toBe(403);
    expect(body.message).toContain('User "system:anonymous" cannot list resource "agenticsessions"');
  });

  test('anonymous requests may read version and health', async () => {
    expect((await client.get('/version')).body.gitVersion).toMatch(/^v1\.30\./);
    expect((await client.get('/readyz')).body).toBe('ok');
  });

  test.each(['sandbox-nobody-token', 'a.b.c', '{}'])('a bad token %s is 401 with a Status', async (token) => {
    const { status, body } = await client.as(token).get(sessions);
    expect(status).toBe(401);
    expect(body).toMatchObject({
      kind: 'Status',
      reason: 'Unauthorized',
      message: 'Unauthorized',
      code: 401,
    });
  });

  test('a header that is not a bearer token is 401', async () => {
    expect((await client.get(sessions, { authorization: 'Basic YTpi' })).status).toBe(401);
  });

  test('SelfSubjectReview says who one is', async () => {
    for (const { token, username, uid, groups } of Object.values(sandbox.identities)) {
      const { status, body } = await client.as(token).post(whoAmI, {});
      expect(status).toBe(201);
      expect(body.status.userInfo).toEqual({ username, uid, groups });
    }
    expect(sandbox.identities.backend.groups).toContain('system:serviceaccounts:writ-system');
  });

  test('impersonation is refused', async () => {
    const { status, body } = await client
      .as('sandbox-admin-token')
      .get(sessions, { 'impersonate-user': 'alice' });
    expect(status).toBe(403);
    expect(body.message).toContain('cannot impersonate resource "users"');
  });

  test('TokenReview tells a good token from a bad one, and only to those who may ask', async () => {
    const admin = client.as(sandbox.identities.admin);
    const good = await admin.post(tokenReviews, { spec: { token: 'sandbox-alice-token' } });
    expect(good.body.status).toMatchObject({ authenticated: true, user: { username: 'alice' } });
    const bad = await admin.post(tokenReviews, { spec: { token: 'x' } });
    expect(bad.body.status.authenticated).toBeUndefined();
    expect((await client.as('sandbox-alice-token').post(tokenReviews, { spec: { token: 'x' } })).status).toBe(
      403,
    );
  });
});

describe("service accounts' tokens", () => {
  const accounts = core('serviceaccounts');
  const request = (spec: object) => ({ spec });

  test('a token bound to a Secret dies with it', async () => {
    const admin = client.as(sandbox.identities.admin);
    await admin.post(accounts, named('bound'));
    const { body: secret } = await admin.post(core('secrets'), named('bound'));
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: 'bound', uid: secret.metadata.uid };
    const { status, body } = await admin.post(`${accounts}/bound/token`, request({ boundObjectRef }));
    expect(status).toBe(201);
    expect(body.status.token.split('.')).toHaveLength(3);
    expect(Date.parse(body.status.expirationTimestamp)).toBeGreaterThan(Date.now() + 3_500_000);
    expect(await who(body.status.token)).toBe('system:serviceaccount:demo:bound');
    await admin.delete(`${core('secrets')}/bound`);
    expect(await who(body.status.token)).toBe(401);
  });

  test('a token dies with its service account, even if another of that name follows', async () => {
    const admin = client.as(sandbox.identities.admin);
    await admin.post(accounts, named('short-lived'));
    const { body } = await admin.post(`${accounts}/short-lived/token`, request({ expirationSeconds: 600 }));
    expect(await who(body.status.token)).toBe('system:serviceaccount:demo:short-lived');
    await admin.delete(`${accounts}/short-lived`);
    await admin.post(accounts, named('short-lived'));
    expect(await who(body.status.token)).toBe(401);
  });

  test('a token for another audience is none for this API', async () => {
    const admin = client.as(sandbox.identities.admin);
    await admin.post(accounts, named('elsewhere'));
    const { body } = await admin.post(`${accounts}/elsewhere/token`, request({ audiences: ['vault'] }));
    expect(await who(body.status.token)).toBe(401);
    const reviewed = await admin.post(tokenReviews, {
      spec: { token: body.status.token, audiences: ['vault'] },
    });
    expect(reviewed.body.status).toMatchObject({ authenticated: true, audiences: ['vault'] });
  });

  test.each([
    [{ expirationSeconds: 599 }, 422],
    [{ boundObjectRef: { apiVersion: 'batch/v1', kind: 'Job', name: 'x' } }, 422],
    [{ boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'missing' } }, 404],
    [
      { boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'ambient-runner-secrets', uid: 'other' } },
      409,
    ],
  ])('a request for %j is %i', async (spec, status) => {
    const admin = client.as(sandbox.identities.admin);
    await admin.post(accounts, named('asker'));
    expect((await admin.post(`${accounts}/asker/token`, request(spec))).status).toBe(status);
  });
});

import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { named, session, suspendedJob } from '../support/objects.ts';
import { causes, contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const accounts = project.core('serviceaccounts');
const secrets = project.core('secrets');

const audience = 'https://kubernetes.default.svc.cluster.local';
const anotherUid = '5e551000-0000-4000-8000-000000000001';

async function account(name: string) {
  const created = await cluster.admin.create(accounts, named(name));
  const request = (spec: object, metadata: object = {}) =>
    cluster.admin.post(`${accounts}/${name}/token`, { metadata, spec });
  return { uid: created.metadata.uid as string, request };
}

async function secret(name: string) {
  const { metadata } = await cluster.admin.create(secrets, named(name));
  return { apiVersion: 'v1', kind: 'Secret', name, uid: metadata.uid };
}

/** The user's name, or the status where the token is none. */
async function who(token: string) {
  const answer = await cluster.as({ token }).post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
  return answer.status === 201 ? answer.body.status.userInfo.username : answer.status;
}

describe('a TokenRequest', () => {
  it('gives a JWT for an hour and for this API server, unless it asks otherwise', async () => {
    const { request } = await account('plain');
    const { status, body } = await request({});
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'TokenRequest',
      spec: { audiences: [audience], expirationSeconds: 3600 },
    });
    const { token, expirationTimestamp } = body.status;
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ aud: [audience], sub: `system:serviceaccount:${project.name}:plain` });
    expect(claims.exp - claims.iat).toBe(3600);
    expect(Date.parse(expirationTimestamp)).toBe(claims.exp * 1000);
    expect(await who(token)).toBe(`system:serviceaccount:${project.name}:plain`);
  });

  it('is for ten minutes at least', async () => {
    const { request } = await account('short');
    const { status, body } = await request({ expirationSeconds: 599 });
    expect(status).toBe(422);
    expect(body.details.causes).toEqual([
      {
        field: 'spec.expirationSeconds',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 599: may not specify a duration less than 10 minutes',
      },
    ]);
    expect((await request({ expirationSeconds: 600 })).body.spec.expirationSeconds).toBe(600);
  });

  it('for another audience gives a token that is none for this API', async () => {
    const { request } = await account('elsewhere');
    const { token } = (await request({ audiences: ['vault'] })).body.status;
    expect(await who(token)).toBe(401);
    const { body } = await cluster.admin.post('/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token, audiences: ['vault'] },
    });
    expect(body.status).toMatchObject({ authenticated: true, audiences: ['vault'] });
  });

  it("has the account's UID as a precondition in metadata.uid", async () => {
    const { uid, request } = await account('pinned');
    expect((await request({}, { uid })).status).toBe(201);
    const { status, body } = await request({}, { uid: anotherUid });
    expect(status).toBe(409);
    expect(body.reason).toBe('Conflict');
    expect(body.message).toContain(
      `the UID in the token request (${anotherUid}) does not match the UID of the service account (${uid})`,
    );
  });

  it('may name the account and its namespace, and no other', async () => {
    const { request } = await account('said');
    expect((await request({}, { name: 'said', namespace: project.name })).status).toBe(201);
    const other = await request({}, { name: 'other' });
    expect(other.status).toBe(422);
    expect(causes(other.body)).toEqual(['metadata.name']);
    expect((await request({}, { namespace: 'default' })).status).toBe(400);
  });

  it('of an account that is not there is 404', async () => {
    expect((await cluster.admin.post(`${accounts}/none/token`, { spec: {} })).status).toBe(404);
  });
});

describe('a bound token', () => {
  it('is bound to a Secret, whose UID is a precondition', async () => {
    const { request } = await account('bound');
    const boundObjectRef = await secret('bound');
    expect((await request({ boundObjectRef })).status).toBe(201);
    const wrong = await request({ boundObjectRef: { ...boundObjectRef, uid: anotherUid } });
    expect(wrong.status).toBe(409);
    expect(wrong.body.message).toContain('does not match the UID in record');
    const missing = await request({ boundObjectRef: { ...boundObjectRef, name: 'missing' } });
    expect(missing.status).toBe(404);
    expect(missing.body.message).toBe('secrets "missing" not found');
  });

  it('is bound to no session and to no Job', async () => {
    const { request } = await account('unbindable');
    for (const object of [
      await cluster.admin.create(project.sessions, session('owner')),
      await cluster.admin.create(project.jobs, suspendedJob('owner')),
    ]) {
      const { apiVersion, kind, metadata } = object;
      const boundObjectRef = { apiVersion, kind, name: metadata.name, uid: metadata.uid };
      const { status, body } = await request({ boundObjectRef });
      expect(status).toBe(400);
      expect(body.message).toBe(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`);
    }
  });

  it('dies with the Secret, and does not live again with another of its name', async () => {
    const { request } = await account('revoked-by-secret');
    const boundObjectRef = await secret('revoking');
    const { token } = (await request({ boundObjectRef })).body.status;
    expect(await who(token)).toBe(`system:serviceaccount:${project.name}:revoked-by-secret`);
    await cluster.admin.delete(`${secrets}/revoking`);
    await eventually(async () => expect(await who(token)).toBe(401));
    await secret('revoking');
    expect(await who(token)).toBe(401);
  });

  it('dies with the ServiceAccount, even if another of its name follows', async () => {
    const { request } = await account('short-lived');
    const { token } = (await request({ boundObjectRef: await secret('staying') })).body.status;
    expect(await who(token)).toBe(`system:serviceaccount:${project.name}:short-lived`);
    await cluster.admin.delete(`${accounts}/short-lived`);
    await cluster.admin.create(accounts, named('short-lived'));
    await eventually(async () => expect(await who(token)).toBe(401));
  });
});

it('a ServiceAccount is made with what it is given, and keeps automountServiceAccountToken', async () => {
  const given = named('made', { automountServiceAccountToken: false });
  const created = await cluster.admin.create(accounts, given);
  expect(created).toMatchObject({ kind: 'ServiceAccount', automountServiceAccountToken: false });
  expect(created.secrets).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { createSessionMutation } from '../support/session-operations.ts';

const CREATE = createSessionMutation('createdBy { userId groups }');

describe('a user in many groups', () => {
  const writ = startProxiedWrit();
  const groups = (count: number) => Array.from({ length: count }, (_, n) => `cn=team-${n},dc=example,dc=com`);

  it.each([
    ['256 groups', groups(256), groups(256)],
    ['1,000 groups', groups(1_000), groups(256)],
    [
      'a group with a long name',
      ['g'.repeat(1_025), '\u{1f98a}'.repeat(512), 'last'],
      ['\u{1f98a}'.repeat(512), 'last'],
    ],
  ])('creates a session, which records those that the resource can have: %s', async (_, given, recorded) => {
    writ.proxy.set(async ({ path, authorization }, forward) => {
      const reply = await forward();
      const isAlice = authorization === 'Bearer sandbox-alice-token';
      if (!isAlice || !path.includes('/selfsubjectreviews')) return reply;
      const body = reply.body as { status: { userInfo: object } };
      return {
        ...reply,
        body: { ...body, status: { userInfo: { ...body.status.userInfo, groups: given } } },
      };
    });
    const { data, errors } = await writ.as('alice', CREATE, { input: { project: 'demo', start: false } });
    expect(errors).toBeUndefined();
    expect(data.createSession.session.createdBy).toEqual({ userId: 'alice', groups: recorded });
  });
});

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveKeys } from '../../src/keys/shared-keys.ts';
import { idempotentNames } from '../../src/sessions/idempotent-names.ts';

const [one, other] = [randomBytes(32), randomBytes(32)];
const alice = { username: 'alice', uid: 'a-uid', groups: ['team'] };
const input = { project: 'demo', idempotencyKey: 'k' };
const under = (...secrets: Buffer[]) => deriveKeys(secrets).idempotency;
const nameOf = (subject = alice, given: Parameters<typeof idempotentNames>[2] = input) =>
  idempotentNames(under(one), subject, given)[0];

describe('the names of a session with an idempotency key', () => {
  it('are one for each key that is accepted, the one in use first', () => {
    const [current] = idempotentNames(under(one), alice, input);
    const [previous] = idempotentNames(under(other), alice, input);
    expect(idempotentNames(under(one, other), alice, input)).toEqual([current, previous]);
    expect(current).toMatch(/^session-[0-9a-f]{40}$/);
    expect(previous).not.toBe(current);
  });

  it('are one that everybody can tell without a shared key, as before there was one', () => {
    expect(idempotentNames([], alice, input)).toEqual(['session-c8818f1a75a54caeb25b45ea9c67bdba4d7b48b6']);
  });

  it('are none with a name, or without an idempotency key', () => {
    expect(idempotentNames(under(one, other), alice, { ...input, name: 'mine' })).toEqual([]);
    expect(idempotentNames(under(one, other), alice, { project: 'demo' })).toEqual([]);
  });

  it.each([
    ['another UID', { ...alice, uid: 'another' }, input],
    ['a username that is the UID, without one', { ...alice, username: 'a-uid', uid: '' }, input],
    ['another project', alice, { ...input, project: 'other' }],
    ['another idempotency key', alice, { ...input, idempotencyKey: 'l' }],
    ['a project that ends otherwise', alice, { project: 'demok', idempotencyKey: '' }],
  ])('are others for %s', (_, subject, given) => {
    expect(nameOf(subject, given)).not.toBe(nameOf());
  });

  it('are of the UID, and of the username where there is none', () => {
    expect(nameOf({ ...alice, username: 'renamed', groups: [] })).toBe(nameOf());
    const nobody = { ...alice, uid: '' };
    expect(nameOf({ ...nobody, username: 'bob' })).not.toBe(nameOf(nobody));
  });
});

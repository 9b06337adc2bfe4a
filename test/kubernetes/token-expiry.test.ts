import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UserToken } from '../../src/kubernetes/token.ts';

const DAY = 24 * 60 * 60;

function tokenWith(payload: object): UserToken {
  const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return new UserToken(`header.${encoded}.signature`);
}

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

it.each([
  ['expires in a moment', 1_000.001, 0.001],
  ['expires in a second', 1_001, 1],
  ['expires later than a timer can wait', 1_000 + 60 * DAY, 60 * DAY],
])('of a token that %s', (_, exp, seconds) => {
  const expired = vi.fn();
  UserToken.atExpiry(tokenWith({ exp }), expired);
  vi.advanceTimersByTime(Math.max(0, seconds * 1_000 - 1));
  expect(expired).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(1);
  expect(expired).toHaveBeenCalledTimes(1);
});

it('is not awaited any more once that is ended', () => {
  const end = UserToken.atExpiry(tokenWith({ exp: 1_001 }), expect.unreachable);
  end();
  expect(vi.getTimerCount()).toBe(0);
});

it.each([
  ['no JWT', new UserToken('opaque')],
  ['a JWT without a payload', new UserToken('a.b.c')],
  ['a JWT that does not expire', tokenWith({})],
  ['a JWT with another type of exp', tokenWith({ exp: '1' })],
])('of %s is not known', (_, token) => {
  UserToken.atExpiry(token, expect.unreachable);
  expect(vi.getTimerCount()).toBe(0);
});

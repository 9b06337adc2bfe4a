import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  REVIEW_CACHE_DEFAULTS,
  ReviewCache,
  type ReviewCacheOptions,
} from '../../src/authorization/review-cache.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import type { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import { type Answers, scriptedUser } from './scripted-user.ts';

const attributes = { verb: 'list', group: '', resource: 'pods', namespace: 'demo' };
const allowing: Answers = {
  access: () => ({ allowed: true }),
  rules: () => ({ incomplete: false, resourceRules: [] }),
};
const denying: Answers = { access: () => ({ allowed: false, reason: 'no' }) };
const cacheOf = (options: Partial<ReviewCacheOptions> = {}) =>
  new ReviewCache({ ...REVIEW_CACHE_DEFAULTS, ...options });

type Review = (cache: ReviewCache, user: UserCluster) => Promise<unknown>;
const access: Review = (cache, user) => cache.access(user, attributes);
const rules: Review = (cache, user) => cache.rules(user, 'demo');

/** Each kind of review, with the name under which it is asked. */
const REVIEWS: [string, Review][] = [
  ['list pods in demo', access],
  ['rules in demo', rules],
];

describe('a cached review', () => {
  it.each(REVIEWS)('is performed once: %s', async (name, review) => {
    const cache = cacheOf();
    const { user, asked } = scriptedUser(allowing);
    const first = await review(cache, user);
    expect(await review(cache, user)).toEqual(first);
    expect(asked).toEqual([name]);
  });

  it('serves another request with the same token', async () => {
    const cache = cacheOf();
    const [first, second] = [scriptedUser(allowing), scriptedUser(denying)];
    await cache.access(first.user, attributes);
    expect(await cache.access(second.user, attributes)).toEqual({ allowed: true, reason: null });
    expect(second.asked).toEqual([]);
  });

  it.each([
    ['another verb', { ...attributes, verb: 'get' }],
    ['another group', { ...attributes, group: 'batch' }],
    ['another resource', { ...attributes, resource: 'secrets' }],
    ['a subresource', { ...attributes, subresource: 'log' }],
    ['another namespace', { ...attributes, namespace: 'research' }],
    ['all namespaces', { ...attributes, namespace: undefined }],
    ['a name', { ...attributes, name: 'a' }],
  ])('does not serve %s', async (_, others) => {
    const cache = cacheOf();
    const { user, asked } = scriptedUser(allowing);
    await cache.access(user, attributes);
    await cache.access(user, others);
    expect(asked).toHaveLength(2);
  });

  it('does not take one part of the attributes for another', async () => {
    const cache = cacheOf();
    const { user, asked } = scriptedUser(allowing);
    const same = { verb: 'get', group: '', resource: 'pods' };
    await cache.access(user, { ...same, namespace: 'a' });
    await cache.access(user, { ...same, name: 'a' });
    await cache.access(user, { ...same, subresource: 'a' });
    expect(asked).toHaveLength(3);
  });

  it('serves attributes that are the same review', async () => {
    const cache = cacheOf();
    const { user, asked } = scriptedUser(allowing);
    // A create has no name, as the API server sees it.
    await cache.access(user, { ...attributes, verb: 'create', name: 'a' });
    await cache.access(user, { ...attributes, verb: 'create', name: 'b' });
    expect(asked).toEqual(['create pods in demo']);
  });

  it('of rules serves no other namespace', async () => {
    const cache = cacheOf();
    const { user, asked } = scriptedUser(allowing);
    await cache.rules(user, 'demo');
    await cache.rules(user, 'research');
    expect(asked).toEqual(['rules in demo', 'rules in research']);
  });
});

describe('reviews of two clusters', () => {
  const east = { server: 'https://east', token: 'same' };
  const west = { server: 'https://west', token: 'same' };

  it.each(REVIEWS)('are both performed for the same token: %s', async (name, review) => {
    const cache = cacheOf();
    const users = [scriptedUser(allowing, east), scriptedUser(allowing, west)];
    for (const { user } of [...users, ...users]) await review(cache, user);
    expect(users.map(({ asked }) => asked)).toEqual([[name], [name]]);
  });

  it("never serve each other's answers", async () => {
    const cache = cacheOf();
    const here = scriptedUser(
      {
        access: () => ({ allowed: true }),
        rules: () => ({ incomplete: false, resourceRules: [{ verbs: ['*'] }] }),
      },
      east,
    );
    const there = scriptedUser(
      {
        access: () => ({ allowed: false }),
        rules: () => ({ incomplete: true }),
      },
      west,
    );
    for (const _ of ['asked', 'cached']) {
      expect((await cache.access(here.user, attributes)).allowed).toBe(true);
      expect((await cache.access(there.user, attributes)).allowed).toBe(false);
      expect((await cache.rules(here.user, 'demo')).resourceRules).toHaveLength(1);
      expect((await cache.rules(there.user, 'demo')).resourceRules).toEqual([]);
    }
  });

  it("are dropped for the cluster that has rejected the token, and not the other's", async () => {
    const cache = cacheOf();
    const users = [scriptedUser(allowing, east), scriptedUser(allowing, west)];
    const reviewAll = async () => {
      for (const { user } of users) for (const [, review] of REVIEWS) await review(cache, user);
    };
    await reviewAll();
    cache.forget('https://east', new UserToken('same'));
    await reviewAll();
    expect(users.map(({ asked }) => asked.length)).toEqual([4, 2]);
  });
});

describe('reviews of two tokens', () => {
  it.each(REVIEWS)('are both performed: %s', async (name, review) => {
    const cache = cacheOf();
    const users = ['alice', 'mallory'].map((token) => scriptedUser(allowing, { token }));
    for (const { user } of [...users, ...users]) await review(cache, user);
    expect(users.map(({ asked }) => asked)).toEqual([[name], [name]]);
  });

  it("are dropped for one, and not the other's", async () => {
    const cache = cacheOf();
    const alice = scriptedUser(allowing, { token: 'alice' });
    const mallory = scriptedUser(allowing, { token: 'mallory' });
    for (const { user } of [alice, mallory]) await cache.access(user, attributes);
    cache.forget(alice.user.server, alice.user.token);
    for (const { user } of [alice, mallory]) await cache.access(user, attributes);
    expect([alice.asked.length, mallory.asked.length]).toEqual([2, 1]);
  });
});

describe('a denial that was met in a call', () => {
  it('is known of its token alone, allows nothing, and is forgotten with the token', () => {
    const cache = cacheOf();
    const alice = scriptedUser(allowing, { token: 'alice' });
    const mallory = scriptedUser(allowing, { token: 'mallory' });
    cache.noteDenied(alice.user, attributes);
    expect(cache.isKnownDenied(alice.user, attributes)).toBe(true);
    expect(cache.isKnownDenied(alice.user, { ...attributes, namespace: 'another' })).toBe(false);
    expect(cache.isKnownDenied(mallory.user, attributes)).toBe(false);
    cache.forget(alice.user.server, alice.user.token);
    expect(cache.isKnownDenied(alice.user, attributes)).toBe(false);
  });
});

describe('a review that fails', () => {
  it.each([
    ['an access review without a status', access, { access: () => undefined }],
    ['an access review without a result', access, { access: () => ({}) }],
    ['an access review with a result that is text', access, { access: () => ({ allowed: 'true' }) }],
    ['an access review with a result that is null', access, { access: () => ({ allowed: null }) }],
  ] as [string, Review, Answers][])('is UNAVAILABLE and is not cached: %s', async (_, review, answers) => {
    const cache = cacheOf();
    const { user, asked } = scriptedUser(answers);
    for (const calls of [1, 2]) {
      await expect(review(cache, user)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(asked).toHaveLength(calls);
    }
  });

  it('is not cached as an error of the cluster', async () => {
    let fails = true;
    const failing = () => {
      if (fails) throw new Error('down');
      return { allowed: true };
    };
    const cache = cacheOf();
    const { user } = scriptedUser({ access: failing });
    await expect(cache.access(user, attributes)).rejects.toThrow('down');
    fails = false;
    expect(await cache.access(user, attributes)).toEqual({ allowed: true, reason: null });
  });
});

describe('an access review', () => {
  it.each([
    ['allowed', { allowed: true, reason: 'RBAC' }, { allowed: true, reason: 'RBAC' }],
    ['denied', { allowed: false, reason: 'no' }, { allowed: false, reason: 'no' }],
    [
      'allowed by one authorizer and denied by another',
      { allowed: true, denied: true },
      { allowed: false, reason: null },
    ],
    ['allowed without a reason', { allowed: true, reason: '' }, { allowed: true, reason: null }],
  ])('is %s', async (_, status, review) => {
    const { user } = scriptedUser({ access: () => status });
    expect(await cacheOf().access(user, attributes)).toEqual(review);
  });
});

describe('the time that a review is cached', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Sets the clock of the cache, which it reads once in a millisecond. */
  async function setClock(ms: number): Promise<void> {
    vi.spyOn(performance, 'now').mockReturnValue(1_000_000 + ms);
    await delay(5);
  }

  it.each<[string, Answers, Review, Partial<ReviewCacheOptions>, number]>([
    ['at most 10 s for what is allowed', allowing, access, { allowMs: 60_000 }, 10_000],
    ['at most 5 s for what is denied', denying, access, { denyMs: 60_000 }, 5_000],
    ['at most 5 s for rules', allowing, rules, { denyMs: 60_000 }, 5_000],
    ['as given for what is allowed', allowing, access, { allowMs: 2_000, denyMs: 0 }, 2_000],
    ['as given for what is denied', denying, access, { allowMs: 0, denyMs: 2_000 }, 2_000],
    ['that of a denial for rules', allowing, rules, { allowMs: 0, denyMs: 2_000 }, 2_000],
  ])('is %s', async (_, answers, review, options, ms) => {
    const cache = cacheOf(options);
    const { user, asked } = scriptedUser(answers);
    await setClock(0);
    await review(cache, user);
    await setClock(ms);
    await review(cache, user);
    expect(asked).toHaveLength(1);
    await setClock(ms + 1);
    await review(cache, user);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, Answers, Review, Partial<ReviewCacheOptions>]>([
    ['allowed', allowing, access, { allowMs: 0 }],
    ['denied', denying, access, { denyMs: 0 }],
    ['negative', allowing, access, { allowMs: -1 }],
    ['of rules', allowing, rules, { denyMs: 0 }],
  ])('may be none: %s', async (_, answers, review, options) => {
    const cache = cacheOf(options);
    const { user, asked } = scriptedUser(answers);
    for (const _ of [1, 2]) await review(cache, user);
    expect(asked).toHaveLength(2);
  });
});

describe('the size of the cache', () => {
  it('is bounded in bytes, for all tokens together', async () => {
    const cache = cacheOf({ maxBytes: 400 });
    const alice = scriptedUser(allowing, { token: 'alice' });
    const mallory = scriptedUser(allowing, { token: 'mallory' });
    for (const { user } of [alice, alice, mallory, alice]) await cache.access(user, attributes);
    expect([alice.asked.length, mallory.asked.length]).toEqual([2, 1]);
  });
});

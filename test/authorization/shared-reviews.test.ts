import { describe, expect, it } from 'vitest';
import { REVIEW_CACHE_DEFAULTS, ReviewCache } from '../../src/authorization/review-cache.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import type { UserCluster } from '../../src/kubernetes/user-cluster.ts';

const attributes = { verb: 'list', group: '', resource: 'pods', namespace: 'demo' };

/** A request of a user: its reviews wait until they are answered. */
function request(token = 'alice') {
  const controller = new AbortController();
  const asked: PromiseWithResolvers<unknown>[] = [];
  const user = {
    server: 'https://east',
    token: new UserToken(token),
    scope: { signal: controller.signal },
    selfReview: () => {
      const answer = Promise.withResolvers<unknown>();
      asked.push(answer);
      return answer.promise;
    },
  } as unknown as UserCluster;
  return { user, asked, abort: () => controller.abort() };
}

const allowed = { status: { allowed: true } };

describe('a review that several requests need at the same time', () => {
  it('is performed once', async () => {
    const cache = new ReviewCache(REVIEW_CACHE_DEFAULTS);
    const [first, second] = [request(), request()];
    const reviews = [cache.access(first.user, attributes), cache.access(second.user, attributes)];
    first.asked[0]?.resolve(allowed);
    expect(await Promise.all(reviews)).toEqual(Array(2).fill({ allowed: true, reason: null }));
    expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
  });

  it('is performed by each if the request that performs it fails', async () => {
    const cache = new ReviewCache(REVIEW_CACHE_DEFAULTS);
    const [first, ...others] = [request(), request(), request()];
    const failing = cache.access(first.user, attributes);
    const waiting = others.map(({ user }) => cache.access(user, attributes));
    first.asked[0]?.reject(new Error('over budget'));
    await expect(failing).rejects.toThrow('over budget');
    await expect.poll(() => others.map(({ asked }) => asked.length)).toEqual([1, 1]);
    for (const { asked } of others) asked[0]?.resolve(allowed);
    expect((await Promise.all(waiting)).map((review) => review.allowed)).toEqual([true, true]);
  });

  it('does not hold up a request that ends', async () => {
    const cache = new ReviewCache(REVIEW_CACHE_DEFAULTS);
    const [first, second] = [request(), request()];
    const performed = cache.access(first.user, attributes);
    const waiting = cache.access(second.user, attributes);
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(second.asked).toEqual([]);
    first.asked[0]?.resolve(allowed);
    expect((await performed).allowed).toBe(true);
  });

  it('is performed for each token', async () => {
    const cache = new ReviewCache(REVIEW_CACHE_DEFAULTS);
    const [alice, mallory] = [request('alice'), request('mallory')];
    const reviews = [cache.access(alice.user, attributes), cache.access(mallory.user, attributes)];
    alice.asked[0]?.resolve(allowed);
    mallory.asked[0]?.resolve({ status: { allowed: false } });
    expect((await Promise.all(reviews)).map((review) => review.allowed)).toEqual([true, false]);
  });

  it('is performed again for a token that was rejected meanwhile', async () => {
    const cache = new ReviewCache(REVIEW_CACHE_DEFAULTS);
    const [first, second] = [request(), request()];
    const before = cache.access(first.user, attributes);
    cache.forget(first.user.server, first.user.token);
    const after = cache.access(second.user, attributes);
    expect(second.asked).toHaveLength(1);
    first.asked[0]?.resolve(allowed);
    second.asked[0]?.resolve({ status: { allowed: false } });
    expect([(await before).allowed, (await after).allowed]).toEqual([true, false]);
    // What was asked before is not found afterwards.
    expect((await cache.access(request().user, attributes)).allowed).toBe(false);
  });
});

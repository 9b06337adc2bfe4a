import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RequestReviews } from '../../src/authorization/request-reviews.ts';
import { REVIEW_CACHE_DEFAULTS, ReviewCache } from '../../src/authorization/review-cache.ts';
import { type Answers, scriptedUser } from './scripted-user.ts';

const LIST = { verb: 'list', group: 'vteam.ambient-code', resource: 'agenticsessions' };
const CREATE = { ...LIST, verb: 'create' };
const rule = { verbs: ['list'], apiGroups: [LIST.group], resources: [LIST.resource] };
const complete: Answers = {
  rules: (namespace) => ({ incomplete: false, resourceRules: namespace === 'a' ? [rule] : [] }),
};
const incomplete: Answers = {
  rules: () => ({ incomplete: true, resourceRules: [] }),
  access: ({ namespace }) => ({ allowed: namespace === 'a' }),
};

function reviewsOf(answers: Answers, cache = new ReviewCache(REVIEW_CACHE_DEFAULTS)) {
  const { user, asked } = scriptedUser(answers);
  return { reviews: new RequestReviews(cache, user), asked };
}

describe('what the user may do in many projects', () => {
  it('is asked once for each project, whatever the questions', async () => {
    const { reviews, asked } = reviewsOf(complete);
    const ask = (attributes: typeof LIST) =>
      Promise.all(['a', 'b', 'c'].map((namespace) => reviews.canInProject({ ...attributes, namespace })));
    expect(await ask(LIST)).toEqual([true, false, false]);
    expect(await ask(CREATE)).toEqual([false, false, false]);
    expect(asked).toEqual(['rules in a', 'rules in b', 'rules in c']);
  });

  it('is asked one by one where the rules are incomplete, which is found out once', async () => {
    const { reviews, asked } = reviewsOf(incomplete);
    const namespaces = ['a', 'b', 'c'];
    const answers = await Promise.all(
      namespaces.map((namespace) => reviews.canInProject({ ...LIST, namespace })),
    );
    expect(answers).toEqual([true, false, false]);
    expect(asked).toEqual(['rules in a', ...namespaces.map((name) => `list agenticsessions in ${name}`)]);
  });

  it('is not what a rule for single objects says', async () => {
    const { reviews } = reviewsOf({
      rules: () => ({ incomplete: false, resourceRules: [{ ...rule, resourceNames: ['one'] }] }),
    });
    expect(await reviews.canInProject({ ...LIST, namespace: 'a' })).toBe(false);
  });
});

describe('the time for which a project is not asked about again', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });
  async function setClock(ms: number): Promise<void> {
    vi.spyOn(performance, 'now').mockReturnValue(1_000_000 + ms);
    await delay(5);
  }

  it.each([
    ['what the rules allow', complete, 'a'],
    ['what they do not allow', complete, 'b'],
    ['what is allowed where they are incomplete', incomplete, 'a'],
    ['what is denied where they are incomplete', incomplete, 'b'],
  ])('is ten seconds: %s', async (_, answers, namespace) => {
    const cache = new ReviewCache(REVIEW_CACHE_DEFAULTS);
    const asks = async () => {
      const { reviews, asked } = reviewsOf(answers, cache);
      await reviews.canInProject({ ...LIST, namespace });
      return asked.length;
    };
    await setClock(0);
    expect(await asks()).toBeGreaterThan(0);
    await setClock(10_000);
    expect(await asks()).toBe(0);
    await setClock(10_001);
    expect(await asks()).toBeGreaterThan(0);
  });

  it('is no longer than before for other denials', async () => {
    const cache = new ReviewCache(REVIEW_CACHE_DEFAULTS);
    await setClock(0);
    const first = reviewsOf(incomplete, cache);
    await first.reviews.canInProject({ ...LIST, namespace: 'b' });
    await setClock(5_001);
    const second = reviewsOf(incomplete, cache);
    await second.reviews.can({ ...LIST, namespace: 'b' });
    expect(second.asked).toEqual(['list agenticsessions in b']);
  });
});

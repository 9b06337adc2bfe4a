import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RequestReviews } from '../../src/authorization/request-reviews.ts';
import { REVIEW_CACHE_DEFAULTS, ReviewCache } from '../../src/authorization/review-cache.ts';
import { type Answers, scriptedUser } from './scripted-user.ts';

const LIST = { verb: 'list', group: 'vteam.ambient-code', resource: 'agenticsessions' };
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

describe("the user's roles in many projects", () => {
  it('are asked for once for each project, whatever the questions', async () => {
    const { reviews, asked } = reviewsOf(complete);
    const namespaces = ['a', 'b', 'c'];
    expect(await Promise.all(namespaces.map((name) => reviews.mayView(name)))).toEqual([true, false, false]);
    expect(await Promise.all(namespaces.map((name) => reviews.roleIn(name)))).toEqual(['view', null, null]);
    expect(asked).toEqual(['rules in a', 'rules in b', 'rules in c']);
  });

  it('are asked for one by one where the rules are incomplete, which is found out once', async () => {
    const { reviews, asked } = reviewsOf(incomplete);
    const namespaces = ['a', 'b', 'c'];
    expect(await Promise.all(namespaces.map((name) => reviews.mayView(name)))).toEqual([true, false, false]);
    const views = namespaces.map((name) => `list agenticsessions in ${name}`);
    expect(asked).toEqual(['rules in a', ...views]);
    expect(await reviews.roleIn('a')).toBe('admin');
    expect(await reviews.roleIn('b')).toBeNull();
    expect(asked.slice(4)).toEqual(['create agenticsessions in a', 'update projectsettings in a']);
  });

  const may = (verb: string, resource: string, more: object = {}) => ({
    verbs: [verb],
    apiGroups: ['*'],
    resources: [resource],
    ...more,
  });
  it.each([
    ['nothing', [], null],
    ['list sessions', [may('list', 'agenticsessions')], 'view'],
    ['create sessions', [may('create', 'agenticsessions')], null],
    ['both', [may('list', 'agenticsessions'), may('create', 'agenticsessions')], 'edit'],
    ['list sessions and bind', [may('list', 'agenticsessions'), may('create', 'rolebindings')], 'view'],
    ['everything', [may('*', '*')], 'admin'],
    ['list one session', [may('list', 'agenticsessions', { resourceNames: ['one'] })], null],
  ])('are those whose rights the rules have: %s', async (_, resourceRules, role) => {
    const { reviews } = reviewsOf({ rules: () => ({ incomplete: false, resourceRules }) });
    expect(await reviews.roleIn('a')).toBe(role);
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
      await reviews.mayView(namespace);
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
    await first.reviews.mayView('b');
    await setClock(5_001);
    const second = reviewsOf(incomplete, cache);
    await second.reviews.can({ ...LIST, namespace: 'b' });
    expect(second.asked).toEqual(['list agenticsessions in b']);
  });
});

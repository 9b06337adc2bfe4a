import { describe, expect, it } from 'vitest';
import { RequestReviews } from '../../src/authorization/request-reviews.ts';
import { REVIEW_CACHE_DEFAULTS, ReviewCache } from '../../src/authorization/review-cache.ts';
import { type Answers, scriptedUser } from './scripted-user.ts';

const group = 'vteam.ambient-code';
const resource = 'agenticsessions';
const attributes = { verb: 'delete', group, resource, namespace: 'demo' };
const one = { ...attributes, name: 'a' };
const ruleFor = (...resourceNames: string[]) => ({
  verbs: ['delete'],
  apiGroups: [group],
  resources: [resource],
  resourceNames,
});

/** The reviews of one request: nothing outlives it. */
function reviewsOf(answers: Answers) {
  const { user, asked } = scriptedUser(answers);
  const cache = new ReviewCache({ ...REVIEW_CACHE_DEFAULTS, allowMs: 0, denyMs: 0 });
  return { reviews: new RequestReviews(cache, user), asked };
}

describe('a review of a request', () => {
  it('is performed once, also while it is in flight', async () => {
    const { reviews, asked } = reviewsOf({ access: () => ({ allowed: true, reason: 'RBAC' }) });
    const answers = await Promise.all([reviews.can(attributes), reviews.can({ ...attributes })]);
    answers.push(await reviews.can(attributes));
    expect(answers).toEqual(Array(3).fill({ allowed: true, reason: 'RBAC' }));
    expect(asked).toEqual(['delete agenticsessions in demo']);
  });

  it('is performed for each other attributes', async () => {
    const { reviews, asked } = reviewsOf({ access: () => ({ allowed: true }) });
    await Promise.all([
      reviews.can(attributes),
      reviews.can(one),
      reviews.can({ ...attributes, verb: 'get' }),
    ]);
    expect(asked).toEqual([
      'delete agenticsessions in demo',
      'delete agenticsessions a in demo',
      'get agenticsessions in demo',
    ]);
  });

  it('is performed again once the reviews are cleared', async () => {
    let allowed = false;
    const { reviews, asked } = reviewsOf({ access: () => ({ allowed }) });
    expect((await reviews.can(attributes)).allowed).toBe(false);
    allowed = true;
    reviews.clear();
    expect((await reviews.can(attributes)).allowed).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('that fails, fails for each who asks for it', async () => {
    const { reviews, asked } = reviewsOf({ access: () => undefined });
    const answers = await Promise.allSettled([reviews.can(attributes), reviews.can(attributes)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toHaveLength(1);
  });
});

describe('a review of one of many objects', () => {
  const ALL = 'delete agenticsessions in demo';
  const RULES = 'rules in demo';
  const ONE = 'delete agenticsessions a in demo';
  const allows =
    (names: (string | undefined)[]): Answers['access'] =>
    ({ name }) => ({ allowed: names.includes(name), reason: `about ${name ?? 'all'}` });
  const complete =
    (...resourceRules: object[]): Answers['rules'] =>
    () => ({ incomplete: false, resourceRules });

  it.each<[string, Answers, object, string[]]>([
    [
      'all objects are allowed: nothing else is asked',
      { access: allows([undefined]) },
      { allowed: true, reason: 'about all' },
      [ALL],
    ],
    [
      'the rules allow it by its name',
      { access: allows([]), rules: complete(ruleFor('b', 'a')) },
      { allowed: true, reason: null },
      [ALL, RULES],
    ],
    [
      'the rules allow another by its name',
      { access: allows([]), rules: complete(ruleFor('b')) },
      { allowed: false, reason: null },
      [ALL, RULES],
    ],
    [
      'the rules allow nothing',
      { access: allows(['a']), rules: complete() },
      { allowed: false, reason: null },
      [ALL, RULES],
    ],
    [
      'the rules are incomplete: the object itself is reviewed',
      { access: allows(['a']), rules: () => ({ incomplete: true, resourceRules: [] }) },
      { allowed: true, reason: 'about a' },
      [ALL, RULES, ONE],
    ],
    [
      'the rules are incomplete and the object is denied, whatever they say',
      { access: allows([]), rules: () => ({ incomplete: true, resourceRules: [ruleFor('a')] }) },
      { allowed: false, reason: 'about a' },
      [ALL, RULES, ONE],
    ],
    [
      'the rules do not say whether they are complete',
      { access: allows(['a']), rules: () => ({ resourceRules: [] }) },
      { allowed: true, reason: 'about a' },
      [ALL, RULES, ONE],
    ],
    [
      'the rules say it in another type',
      { access: allows(['a']), rules: () => ({ incomplete: 'false', resourceRules: [] }) },
      { allowed: true, reason: 'about a' },
      [ALL, RULES, ONE],
    ],
    [
      'the review of rules has no status',
      { access: allows(['a']), rules: () => undefined },
      { allowed: true, reason: 'about a' },
      [ALL, RULES, ONE],
    ],
    [
      'the rules are complete and absent',
      { access: allows(['a']), rules: () => ({ incomplete: false }) },
      { allowed: false, reason: null },
      [ALL, RULES],
    ],
  ])('if %s', async (_, answers, review, questions) => {
    const { reviews, asked } = reviewsOf(answers);
    expect(await reviews.canOneOfMany(one)).toEqual(review);
    expect(asked).toEqual(questions);
  });

  it('that does not exist yet has no name that a rule could allow', async () => {
    const rule = { ...ruleFor('a'), verbs: ['create'] };
    const { reviews } = reviewsOf({ access: allows([]), rules: complete(rule) });
    expect(await reviews.canOneOfMany({ ...one, verb: 'create' })).toEqual({ allowed: false, reason: null });
  });

  it('costs two reviews for a whole page', async () => {
    const { reviews, asked } = reviewsOf({ access: allows([]), rules: complete(ruleFor('s-1', 's-3')) });
    const names = Array.from({ length: 100 }, (_, n) => `s-${n}`);
    const answers = await Promise.all(names.map((name) => reviews.canOneOfMany({ ...attributes, name })));
    expect(names.filter((_, n) => answers[n]?.allowed)).toEqual(['s-1', 's-3']);
    expect(asked).toEqual([ALL, RULES]);
  });

  it('costs the rules of a namespace once for several verbs', async () => {
    const { reviews, asked } = reviewsOf({ access: allows([]), rules: complete(ruleFor('a')) });
    await Promise.all([reviews.canOneOfMany(one), reviews.canOneOfMany({ ...one, verb: 'update' })]);
    expect(asked.toSorted()).toEqual([ALL, RULES, 'update agenticsessions in demo'].sort());
  });

  it('asks for the rules of each namespace', async () => {
    const { reviews, asked } = reviewsOf({ access: allows([]), rules: complete() });
    await reviews.canOneOfMany(one);
    await reviews.canOneOfMany({ ...one, namespace: 'research' });
    expect(asked).toEqual([ALL, RULES, 'delete agenticsessions in research', 'rules in research']);
  });
});

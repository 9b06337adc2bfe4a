import { describe, expect, it } from 'vitest';
import { isAllowedBy, type Rules, reviewRules } from '../../src/authorization/rules-review.ts';
import { scriptedUser } from './scripted-user.ts';

const group = 'vteam.ambient-code';
const resource = 'agenticsessions';
const attributes = { verb: 'delete', group, resource, namespace: 'demo', name: 'a' };
const rule = { verbs: ['delete'], apiGroups: [group], resources: [resource] };

describe('rules', () => {
  it.each<[string, Rules['resourceRules'], Partial<typeof attributes>?]>([
    ['of this verb, group and resource', [rule]],
    ['of any verb', [{ ...rule, verbs: ['*'] }]],
    ['of any group', [{ ...rule, apiGroups: ['*'] }]],
    ['of any resource', [{ ...rule, resources: ['*'] }]],
    ['of anything', [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]],
    ['of several verbs', [{ ...rule, verbs: ['get', 'delete'] }]],
    ['of several resources', [{ ...rule, resources: ['pods', resource] }]],
    ['of the core group', [{ ...rule, apiGroups: [''] }], { group: '' }],
    ['of all names', [{ ...rule, resourceNames: [] }]],
    ['of this name', [{ ...rule, resourceNames: ['b', 'a'] }]],
    ['of which the second allows it', [{ ...rule, verbs: ['get'] }, rule]],
  ])('allow it: %s', (_, resourceRules, others = {}) => {
    expect(isAllowedBy({ incomplete: false, resourceRules }, { ...attributes, ...others })).toBe(true);
  });

  it.each<[string, Rules['resourceRules'], { name?: string | undefined; group?: string; verb?: string }?]>([
    ['of nothing', []],
    ['of another verb', [{ ...rule, verbs: ['get'] }]],
    ['of no verb', [{ ...rule, verbs: [] }]],
    ['of another group', [{ ...rule, apiGroups: ['batch'] }]],
    ['of the core group', [{ ...rule, apiGroups: [''] }]],
    ['of this group for the core group', [rule], { group: '' }],
    ['of another resource', [{ ...rule, resources: ['pods'] }]],
    ['of a subresource', [{ ...rule, resources: [`${resource}/status`] }]],
    ['of any subresource', [{ ...rule, resources: ['*/status'] }]],
    ['of part of a verb', [{ ...rule, verbs: ['deletecollection'] }]],
    ['of a verb in capitals', [{ ...rule, verbs: ['DELETE'] }]],
    ['of a pattern', [{ ...rule, verbs: ['del*'] }]],
    ['of another name', [{ ...rule, resourceNames: ['b'] }]],
    ['of any name, written as a pattern', [{ ...rule, resourceNames: ['*'] }]],
    ['of a name, for all objects', [{ ...rule, resourceNames: ['a'] }], { name: undefined }],
    [
      'of part of what is asked, each',
      [
        { ...rule, verbs: ['get'] },
        { ...rule, resources: ['pods'] },
      ],
    ],
    ['without verbs', [{ apiGroups: ['*'], resources: ['*'] }]],
    ['without groups', [{ verbs: ['*'], resources: ['*'] }]],
    ['without resources', [{ verbs: ['*'], apiGroups: ['*'] }]],
    ['that are empty', [{}]],
  ])('do not allow it: %s', (_, resourceRules, others = {}) => {
    expect(isAllowedBy({ incomplete: false, resourceRules }, { ...attributes, ...others })).toBe(false);
  });
});

describe('a review of rules', () => {
  it.each([
    ['complete', { incomplete: false, resourceRules: [rule] }, { incomplete: false, resourceRules: [rule] }],
    ['incomplete', { incomplete: true, resourceRules: [rule] }, { incomplete: true, resourceRules: [rule] }],
    [
      'incomplete if it does not say so',
      { resourceRules: [rule] },
      { incomplete: true, resourceRules: [rule] },
    ],
    ['incomplete without a status', undefined, { incomplete: true, resourceRules: [] }],
    ['complete without rules', { incomplete: false }, { incomplete: false, resourceRules: [] }],
    [
      'complete with rules that are null',
      { incomplete: false, resourceRules: null },
      { incomplete: false, resourceRules: [] },
    ],
  ])('is %s', async (_, status, rules) => {
    const { user, asked } = scriptedUser({ rules: () => status });
    expect(await reviewRules(user, 'demo')).toEqual(rules);
    expect(asked).toEqual(['rules in demo']);
  });
});

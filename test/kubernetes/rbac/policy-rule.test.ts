import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PolicyRule, ruleAllows } from '../../../src/kubernetes/rbac/policy-rule.ts';
import type { ResourceAttributes } from '../../../src/kubernetes/resource-attributes.ts';
import { ruleAllows as sandboxAllows } from '../../../src/sandbox/access/policy.ts';

const LOGS: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] };
const GET_LOG: ResourceAttributes = {
  verb: 'get',
  group: '',
  resource: 'pods',
  subresource: 'log',
  name: 'p',
};
const SCALE: ResourceAttributes = {
  verb: 'get',
  group: 'apps',
  resource: 'deployments',
  subresource: 'scale',
};

describe('a rule', () => {
  it.each<[string, PolicyRule, ResourceAttributes, boolean]>([
    ['of a subresource allows it', LOGS, GET_LOG, true],
    ['of a subresource does not allow the resource', LOGS, { ...GET_LOG, subresource: undefined }, false],
    ['of a resource does not allow its subresource', { ...LOGS, resources: ['pods'] }, GET_LOG, false],
    ['of any resource allows subresources', { ...LOGS, resources: ['*'] }, GET_LOG, true],
    [
      'of a subresource of any resource',
      { verbs: ['*'], apiGroups: ['*'], resources: ['*/scale'] },
      SCALE,
      true,
    ],
    ['of any subresource of a resource is none', { ...LOGS, resources: ['pods/*'] }, GET_LOG, false],
    ['of a name allows its subresource', { ...LOGS, resourceNames: ['p'] }, GET_LOG, true],
    ['of another name does not', { ...LOGS, resourceNames: ['q'] }, GET_LOG, false],
    [
      'of a name does not allow to create it, which has no name yet',
      { verbs: ['create'], apiGroups: [''], resources: ['pods'], resourceNames: ['p'] },
      { verb: 'create', group: '', resource: 'pods', name: 'p' },
      false,
    ],
    ['of paths is about no resource', { verbs: ['*'] }, GET_LOG, false],
    [
      'with lists that are null allows nothing',
      { verbs: ['get'], apiGroups: null, resources: null },
      GET_LOG,
      false,
    ],
  ])('%s', (_, rule, attributes, allowed) => {
    expect(ruleAllows(rule, attributes)).toBe(allowed);
  });

  it('allows what the evaluator of the sandbox says, which shares no code with it', () => {
    const text = fc.constantFrom(
      '*',
      'get',
      'create',
      'list',
      '',
      'apps',
      'pods',
      'pods/log',
      '*/log',
      'a',
      'b',
    );
    const list = fc.array(text, { maxLength: 3 });
    const rule = fc.record({ verbs: list, apiGroups: list, resources: list, resourceNames: list });
    const attributes = fc.record({
      verb: fc.constantFrom('get', 'list', 'a'),
      group: fc.constantFrom('', 'apps'),
      resource: fc.constantFrom('pods', 'get', '*'),
      subresource: fc.constantFrom('', 'log', '*'),
      name: fc.constantFrom('', 'a', 'b'),
    });
    fc.assert(
      fc.property(rule, attributes, (each, asked) => {
        expect(ruleAllows(each, asked)).toBe(sandboxAllows({ ...each, nonResourceURLs: [] }, asked));
      }),
      { numRuns: 2_000 },
    );
  });
});

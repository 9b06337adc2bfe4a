import { describe, expect, it } from 'vitest';
import { reservedNameRule } from '../../src/model/project-names.ts';

describe('a pattern of reserved names', () => {
  it.each([
    ['prod', 'prod', true],
    ['prod', 'prods', false],
    ['prod-*', 'prod-eu', true],
    ['prod-*', 'prod-', true],
    ['prod-*', 'prod', false],
    ['*-prod', 'eu-prod', true],
    ['*-prod', 'eu-production', false],
    ['*prod*', 'my-production', true],
    ['a*b*c', 'axbxc', true],
    ['a*b*c', 'acbc', true],
    ['a*b*c', 'aac', false],
    ['aa*aa', 'aaa', false],
    ['aa*aa', 'aaaa', true],
    ['*a*a*', 'xax', false],
    ['*', 'anything', true],
    ['***', 'anything', true],
  ])('%s and %s: %s', (pattern, name, isReserved) => {
    expect(reservedNameRule(name, [pattern]) !== undefined).toBe(isReserved);
  });

  it('is found in time that does not grow with its stars', () => {
    expect(reservedNameRule('a'.repeat(63), [`${'*a'.repeat(40)}b`])).toBeUndefined();
  });
});

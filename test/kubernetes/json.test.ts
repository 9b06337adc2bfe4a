import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/kubernetes/json.ts';

describe('a response of the API server', () => {
  it.each([
    '{"a":9223372036854775807,"b":[-9223372036854775808,9007199254740993]}',
    '{"a":[1,[2,{"b":9007199254740993}]]}',
    '{"text":": 9007199254740993 \\" \u20ac","n":1234567890123456}',
    '{"f":0.1,"g":1e+21,"h":9007199254740991,"i":18446744073709552000}',
  ])('is written again as it was read: %s', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  it('has ordinary numbers wherever a number can hold the value', () => {
    expect(
      parseJson('{"a":9007199254740991,"b":9007199254740993,"c":1,"d":18446744073709552000}'),
    ).toMatchObject({
      a: 9_007_199_254_740_991,
      b: expect.any(Object),
      c: 1,
      d: 18_446_744_073_709_552_000,
    });
  });

  it('can be deeper than the stack', () => {
    const deep = (length: number) => `${'['.repeat(length)}9007199254740993${']'.repeat(length)}`;
    expect(JSON.stringify(parseJson(deep(100)))).toBe(deep(100));
    expect(parseJson(deep(200_000))).toBeInstanceOf(Array);
  });

  it('that is not JSON is an error', () => {
    expect(() => parseJson('[9007199254740993')).toThrow(SyntaxError);
  });
});

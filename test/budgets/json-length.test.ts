import { describe, expect, it } from 'vitest';
import { jsonLength } from '../../src/budgets/json-length.ts';

const SESSION = {
  metadata: { name: 's', labels: { team: 'red', 'a/b': '' }, generation: 3 },
  spec: {
    repos: [{ url: 'https://example.org/a.git' }, {}],
    autoPush: true,
    nothing: null,
    absent: undefined,
  },
};

describe('jsonLength', () => {
  it.each([
    ['a string', 'x'.repeat(1_000)],
    [
      'an object with many keys',
      Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`key-${n}`, 'value'])),
    ],
    ['a list of strings', Array.from({ length: 100 }, () => 'value')],
    [
      'an object of a GraphQL response, which has no prototype',
      Object.assign(Object.create(null), { name: 'x' }),
    ],
    ['a session', SESSION],
  ])('is about the length of %s as JSON', (_, value) => {
    const exact = JSON.stringify(value).length;
    expect(jsonLength(value)).toBeGreaterThan(exact * 0.7);
    expect(jsonLength(value)).toBeLessThan(exact * 1.5 + 20);
  });

  it('reads no further than the limit', () => {
    let read = 0;
    const item = {
      get text() {
        read += 1;
        return 'x'.repeat(100);
      },
    };
    expect(
      jsonLength(
        Array.from({ length: 1_000 }, () => item),
        500,
      ),
    ).toBeGreaterThan(500);
    expect(read).toBeLessThan(10);
  });
});

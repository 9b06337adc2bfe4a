import { describe, expect, it } from 'vitest';
import { jsonBytes, memoryBytes } from '../../src/budgets/value-size.ts';

const SESSION = {
  metadata: { name: 's', labels: { team: 'red', 'a/b': '' }, generation: 3 },
  spec: {
    repos: [{ url: 'https://example.org/a.git' }, {}],
    autoPush: true,
    nothing: null,
  },
};
const many = (value: unknown) => Array.from({ length: 10_000 }, () => value);

describe('jsonBytes', () => {
  it.each([
    ['a string', 'x'.repeat(1_000)],
    ['control characters', '\u0001\u001b"\\'.repeat(100)],
    ['characters of several bytes', 'é漢😀'.repeat(100)],
    ['an object with many keys', Object.fromEntries(many(0).map((_, n) => [`key-${n}`, 'value']))],
    ['a list of strings', many('value')],
    ['empty lists', many([])],
    ['empty objects', many({})],
    ['numbers', many(1.25)],
    [
      'an object of a GraphQL response, which has no prototype',
      Object.assign(Object.create(null), { a: 'x' }),
    ],
    ['a session', SESSION],
  ])('is about the length of %s as JSON', (_, value) => {
    const exact = Buffer.byteLength(JSON.stringify(value));
    expect(jsonBytes(value)).toBeGreaterThanOrEqual(exact * 0.9);
    expect(jsonBytes(value)).toBeLessThanOrEqual(exact * 1.2 + 20);
  });

  it('reads no further than the limit', () => {
    let read = 0;
    const item = {
      get text() {
        read += 1;
        return 'x'.repeat(100);
      },
    };
    expect(jsonBytes(many(item), 500)).toBeGreaterThan(500);
    expect(read).toBeLessThan(10);
  });

  it('is infinite for a value with more levels than the maximum', () => {
    expect(jsonBytes([[[1]]], Number.POSITIVE_INFINITY, 3)).toBe(7);
    expect(jsonBytes([[[[1]]]], Number.POSITIVE_INFINITY, 3)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('memoryBytes', () => {
  it('is about the length of the JSON of an object of Kubernetes', () => {
    const exact = JSON.stringify(SESSION).length;
    expect(memoryBytes(SESSION)).toBeGreaterThan(exact * 0.7);
    expect(memoryBytes(SESSION)).toBeLessThan(exact * 2.5);
  });

  // Measured in V8: 43, 67 and 48 bytes for each.
  it.each([
    ['empty lists', [], 20],
    ['empty objects', {}, 25],
    ['small objects', { a: 0 }, 24],
  ])('is at least half of what %s take', (_, value, each) => {
    expect(memoryBytes(many(value))).toBeGreaterThanOrEqual(10_000 * each);
  });

  it('of the largest object that the cluster stores is less than a request may keep by default', () => {
    const parts = Array.from({ length: Math.floor((1.5 * 1024 * 1024) / 3) }, () => ({}));
    expect(memoryBytes(parts)).toBeLessThan(16 * 1024 * 1024);
  });

  it.each([
    ['lists', () => JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))],
    ['objects', () => JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
  ])('counts %s that are deeper than the stack', (_, deep) => {
    expect(memoryBytes(deep())).toBeGreaterThan(200_000);
  });
});

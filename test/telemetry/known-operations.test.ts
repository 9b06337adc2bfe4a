import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KNOWN_OPERATIONS } from '../../src/commands/api-metrics.ts';
import { PLAYGROUND_OPERATIONS } from '../../src/http/playground-operations.ts';

const NAMED = /\b(?:query|mutation|subscription) (\w+)/g;
const namesIn = (text: string) => [...text.matchAll(NAMED)].map(([, name = '']) => name);

it('the operations of the playground and of the examples have their names in metrics', () => {
  const examples = globSync('examples/**/operations.ts').map((file) => readFileSync(file, 'utf8'));
  const named = [...PLAYGROUND_OPERATIONS.map(({ query }) => query), ...examples].flatMap(namesIn);
  expect(named.length).toBeGreaterThan(15);
  expect(new Set([...named, 'IntrospectionQuery'])).toEqual(KNOWN_OPERATIONS);
});

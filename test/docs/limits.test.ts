import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startWrit } from '../support/writ.ts';

const ROWS = readFileSync('docs/limits.md', 'utf8').matchAll(/^\| `(\{.*\})` \| (\d+) \|$/gm);
const COSTS = [...ROWS].map(([, operation = '', cost]): [string, number] => [operation, Number(cost)]);

describe('docs/limits.md says what an operation costs', () => {
  const writ = startWrit({ environment: { WRIT_MAX_COMPLEXITY: '1' } });

  it('of several', () => {
    expect(COSTS.length).toBeGreaterThan(3);
  });

  it.each(COSTS)('%s', async (query, actual) => {
    const { errors } = await writ.as('alice', query);
    expect(errors).toMatchObject([{ extensions: { limit: 'complexity', actual } }]);
  });
});

import { describe, expect, it } from 'vitest';
import { PLAYGROUND_OPERATIONS } from '../../src/http/playground-operations.ts';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { codeOf, startWrit } from '../support/writ.ts';

describe("the playground's operations", () => {
  const writ = startWrit({ environment: SCHEDULE_SETTINGS });
  const named = PLAYGROUND_OPERATIONS.map(({ query }) => [
    /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1],
    query,
  ]);

  it.each(named.filter(([, query]) => !query?.includes('subscription ')))(
    'work as alice, in their order: %s',
    async (_, query = '') => {
      expect((await writ.as('alice', query)).errors).toBeUndefined();
    },
  );

  it.each(['CreateSession', 'CreateProject'])(
    'are forbidden to victor where they say so: %s',
    async (name) => {
      const query = named.find(([operation]) => operation === name)?.[1] ?? '';
      expect(codeOf(await writ.as('victor', query))).toBe('FORBIDDEN');
    },
  );
});

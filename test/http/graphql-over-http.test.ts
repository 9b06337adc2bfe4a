import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from './fixture.ts';

let url = '';
beforeAll(async () => {
  ({ url } = await start({}, afterAll));
});

// Every audit, SHOULD and MAY included.
for (const { id, name, fn } of serverAudits({ url: () => url })) {
  test(`${id}: ${name}`, async () => {
    const result = await fn();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
}

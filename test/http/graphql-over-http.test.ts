import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { startServer } from './fixture.ts';

const server = startServer();

// Every audit, SHOULD and MAY included.
for (const { id, name, fn } of serverAudits({ url: () => server.url })) {
  test(`${id}: ${name}`, async () => {
    const result = await fn();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
}

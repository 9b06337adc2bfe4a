import { serverAudits } from 'graphql-http';
import { expect, it } from 'vitest';
import { startServer } from './fixture.ts';

const server = startServer();

// Every audit, SHOULD and MAY included.
for (const { id, name, fn } of serverAudits({ url: () => server.url })) {
  it(`${id}: ${name}`, async () => {
    const result = await fn();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
}

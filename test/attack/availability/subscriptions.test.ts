import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../../support/eventually.ts';
import { SESSIONS } from '../../support/objects.ts';
import { bind, putProject, putSession } from '../../support/put-objects.ts';
import { startWrit } from '../../support/writ.ts';

const SUBSCRIBE = `subscription ($project: String!, $filter: SessionFilter) {
  sessions(project: $project, filter: $filter) { events { type session { name initialPrompt raw } } }
}`;
const SOCKETS = 12;
const SUBSCRIPTIONS = 6;
/** Of a stored session. */
const BYTES = 330_000;
const CHANGES = 30;

describe('a tenant that subscribes as much as it may, changes large sessions and reads nothing', () => {
  const writ = startWrit({
    sandbox: { demo: false },
    environment: {
      WRIT_RESPONSE_TIMEOUT_MS: '3000',
      WRIT_MEMORY_BYTES: '60000000',
      WRIT_LOG_LEVEL: 'silent',
    },
  });
  const admin = writ.kubernetes('admin');
  const path = `${SESSIONS('hostile')}/large`;
  beforeAll(async () => {
    await putProject(admin, 'p');
    await putSession(admin, 'p', 'a');
    await putProject(admin, 'hostile');
    await bind(admin, 'hostile', 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'mallory' });
    await putSession(admin, 'hostile', 'large', {
      metadata: { annotations: { large: 'x'.repeat(BYTES - 130_000) } },
      spec: { initialPrompt: 'x'.repeat(130_000) },
    });
  });

  /** A WebSocket that sends its operations, and reads nothing after the first message. */
  async function stall(): Promise<WebSocket> {
    const socket = new WebSocket(writ.url.replace('http', 'ws'), ['graphql-transport-ws']);
    socket.on('error', () => {});
    await once(socket, 'open');
    const authorization = `Bearer ${writ.sandbox.identities.mallory.token}`;
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    await once(socket, 'message');
    for (let n = 0; n < SUBSCRIPTIONS; n += 1) {
      // Each has a filter of its own.
      const variables = { project: 'hostile', filter: { search: 'x'.repeat(n + 1) } };
      socket.send(
        JSON.stringify({ id: `${n}`, type: 'subscribe', payload: { query: SUBSCRIBE, variables } }),
      );
    }
    socket.pause();
    return socket;
  }

  it('takes nothing from another user, and only its own part of the memory', async () => {
    const query = '{ project(name: "p") { sessions { nodes { name } } } }';
    const victor = await writ.subscribe('victor', SUBSCRIBE, { project: 'p' });
    await victor.next();
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, stall));
    let mostReserved = 0;
    // Their batches wait for their turn: what is kept for those who do not read comes with it.
    for (let n = 0; n < CHANGES || (mostReserved < BYTES && n < 20 * CHANGES); n += 1) {
      await admin.patch(path, { metadata: { annotations: { n: `${n}` } } });
      mostReserved = Math.max(mostReserved, writ.memory.reserved);
      if (n % 10 > 0) continue;
      await admin.patch(`${SESSIONS('p')}/a`, { spec: { displayName: `${n}` } });
      const { data } = await victor.next();
      expect(data.sessions.events).toMatchObject([{ type: 'MODIFIED', session: { name: 'a' } }]);
      const answer = await writ.as('victor', query);
      expect(answer.errors).toBeUndefined();
    }
    expect(mostReserved).toBeGreaterThan(BYTES);
    // Half of it is what one user may have.
    expect(mostReserved).toBeLessThan(35_000_000);
    victor.close();
    for (const socket of sockets) socket.terminate();
    await eventually(() => expect(writ.memory.reserved).toBe(0));
  });
});

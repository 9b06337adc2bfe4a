import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { openSocketStream } from '../support/socket-stream.ts';

const SUBSCRIBE = `subscription ($project: String!) {
  sessions(project: $project) { events { type } }
}`;

describe('attacks on WebSockets', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });

  it('connections that are dropped in every state hold nothing', async () => {
    const init = JSON.stringify({
      type: 'connection_init',
      payload: { authorization: `Bearer ${writ.sandbox.identities.alice.token}` },
    });
    const begin = JSON.stringify({
      id: '1',
      type: 'subscribe',
      payload: { query: SUBSCRIBE, variables: { project: 'demo' } },
    });
    const complete = JSON.stringify({ id: '1', type: 'complete' });
    const manners = [[], [init], [init, begin], [init, begin, complete], ['{'], [begin], [init, init]];
    for (let round = 0; round < 30; round += 1) {
      await Promise.all(
        manners.map(async (messages, index) => {
          const socket = new WebSocket(writ.url.replace('http', 'ws'), ['graphql-transport-ws']);
          socket.on('error', () => {});
          await once(socket, 'open');
          const closed = once(socket, 'close');
          const raw = (socket as unknown as { _socket: Socket })._socket;
          // All in one packet, or each alone.
          if (round % 3 === 0) raw.cork();
          process.nextTick(() => raw.uncork());
          for (const message of messages) {
            socket.send(message);
            if (message === init && round % 2) await Promise.race([once(socket, 'message'), closed]);
          }
          await delay((round * index) % 5);
          if (index % 2) socket.terminate();
          else socket.close();
          await closed;
        }),
      );
    }
    await eventually(() => expect(writ.memory.reserved).toBe(0));
    const stream = openSocketStream(
      writ.url,
      { query: SUBSCRIBE, variables: { project: 'demo' } },
      writ.sandbox.identities.alice.token,
    );
    expect((await stream.next()).data.sessions.events).toHaveLength(2);
    stream.close();
  });
});

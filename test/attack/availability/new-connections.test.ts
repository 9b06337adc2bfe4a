import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ACCEPTING_SOCKETS, listen } from '../../../src/http/listen.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it.runIf(ACCEPTING_SOCKETS > 1)(
  'many new connections are accepted in few turns of the event loop',
  async () => {
    const http = createServer();
    const { port, close } = await listen(http, { host: '127.0.0.1', port: 0 }, ACCEPTING_SOCKETS);
    const clients: Socket[] = [];
    onTestFinished(async () => {
      for (const client of clients) client.destroy();
      http.closeAllConnections();
      await close();
    });
    let accepted = 0;
    http.on('connection', () => {
      accepted += 1;
    });
    for (let n = 0; n < 320; n += 1) clients.push(connect(port, '127.0.0.1').on('error', () => {}));
    let turns = 0;
    for (; accepted < 320 && turns < 10_000; turns += 1) await turn();
    expect(accepted).toBe(320);
    expect(turns).toBeLessThan(100);
  },
);

import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { ACCEPTING_SOCKETS, listen } from '../../src/http/listen.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((each) =>
  each?.some(({ family }) => family === 'IPv6'),
);

it.each([1, ACCEPTING_SOCKETS])(
  'a server on :: answers over IPv4 and IPv6, with %i sockets',
  async (sockets) => {
    const server = createServer((_, response) => void response.end('ok'));
    const { port, close } = await listen(server, { host: '::', port: 0 }, sockets);
    onTestFinished(async () => {
      server.closeAllConnections();
      await close();
    });
    for (const host of ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])
      expect(await (await fetch(`http://${host}:${port}`)).text()).toBe('ok');
  },
);

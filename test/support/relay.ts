import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP relay between clients and a server, which fails as networks do. */
export async function startRelay(target: string) {
  const { hostname, port } = new URL(target);
  const pairs = new Set<{ client: Socket; server: Socket }>();
  const relay = { isRefusing: false };
  const listener = createServer((client) => {
    if (relay.isRefusing) return void client.destroy();
    const server = connect(Number(port), hostname);
    const pair = { client, server };
    pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((listener.address() as AddressInfo).port);

  return {
    url: url.href,
    /** Open connections. */
    get connections() {
      return pairs.size;
    },
    /** Resets all connections, with what is on its way. */
    cut(): void {
      for (const { client, server } of pairs) {
        client.resetAndDestroy();
        server.resetAndDestroy();
      }
    },
    /** Nothing more comes from the server over the connections that are open. */
    stall(): void {
      for (const { server } of pairs) server.unpipe();
    },
    /** Whether new connections are refused. */
    refuse(isRefusing: boolean): void {
      relay.isRefusing = isRefusing;
    },
    async close(): Promise<void> {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

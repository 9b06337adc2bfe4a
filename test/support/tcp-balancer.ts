import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface Replica {
  url: string;
  adminUrl: string;
}

const PROBE_MS = 100;

/**
 * Balances connections over the replicas that are ready, as a Service does with their pods: it learns late that one is no
 * longer ready, and leaves the connections that it has.
 */
export async function startTcpBalancer(replicas: readonly Replica[]) {
  let ready: Replica[] = [...replicas];
  let turn = 0;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const replica = ready[turn++ % ready.length];
    if (!replica) return void client.destroy();
    const { hostname, port } = new URL(replica.url);
    const server = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const isReady = async ({ adminUrl }: Replica) =>
    fetch(`${adminUrl}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  const probe = setInterval(async () => {
    const answers = await Promise.all(replicas.map(isReady));
    ready = replicas.filter((_, index) => answers[index]);
  }, PROBE_MS);

  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/graphql`,
    isServed: ({ url }: Replica) => ready.some((replica) => replica.url === url),
    async close(): Promise<void> {
      clearInterval(probe);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

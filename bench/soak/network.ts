import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What happens to the connections between Writ and the cluster. */
export const FAULTS = ['cut', 'stall', 'refuse'] as const;
type Fault = (typeof FAULTS)[number];

/** How long a fault lasts, in ms. */
const LASTS_MS = { cut: 0, stall: 1_500, refuse: 1_000 };

/** A way to the cluster that fails as networks do: connections are cut, nothing passes for a moment, or none is accepted. */
export async function startFaultyNetwork(server: string) {
  const { hostname, port } = new URL(server);
  const pairs = new Set<[Socket, Socket]>();
  let isRefusing = false;
  const tcp = createServer({ allowHalfOpen: true }, (client) => {
    if (isRefusing) return void client.destroy();
    const cluster = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const pair: [Socket, Socket] = [client, cluster];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.setNoDelay().on('error', end).on('close', end);
    client.pipe(cluster);
    cluster.pipe(client);
  });
  await new Promise<void>((resolve) => void tcp.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };

  return {
    server: `https://${hostname}:${(tcp.address() as AddressInfo).port}`,
    /** Resolves when the fault is over. */
    async inject(fault: Fault): Promise<void> {
      if (fault === 'stall') {
        const stalled = [...pairs].flat();
        for (const socket of stalled) socket.pause();
        await delay(LASTS_MS.stall);
        for (const socket of stalled) socket.resume();
        return;
      }
      isRefusing = fault === 'refuse';
      cut();
      await delay(LASTS_MS[fault]);
      isRefusing = false;
    },
    close(): void {
      tcp.close();
      cut();
    },
  };
}

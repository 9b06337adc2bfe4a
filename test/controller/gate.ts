import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the cluster that can be shut or fall silent: the API server goes away, or a replica is cut off. */
export async function startGate(server: string) {
  const target = new URL(server);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const gate = createServer((from) => {
    if (!isOpen) return void from.destroy();
    const to = connect(Number(target.port), target.hostname);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        from.destroy();
        to.destroy();
      });
    }
    from.pipe(to).pipe(from);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));

  function shut() {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  }
  return {
    server: `https://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    shut,
    open() {
      isOpen = true;
    },
    /** From now on nothing comes through the connections that there are; new ones work. */
    silence() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async close() {
      shut();
      await new Promise((resolve) => gate.close(resolve));
    },
  };
}

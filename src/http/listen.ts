import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';

interface ListenAddress {
  /** `::` is all addresses, of IPv6 and of IPv4. */
  host: string;
  /** 0 selects a free port. */
  port: number;
}

interface Listening {
  /** The server's origin. */
  url: string;
  port: number;
  /** Stops accepting connections, and resolves when those that exist have ended. */
  close(): Promise<void>;
}

/**
 * How many sockets accept connections. Node accepts one connection per socket and turn of its event loop, so that on a busy
 * process a few hundred new connections a second would keep all others waiting. Only Linux distributes them.
 */
export const ACCEPTING_SOCKETS = process.platform === 'linux' ? 16 : 1;

/** Starts to listen with this many sockets. */
export async function listen(
  server: HttpServer,
  { host, port }: ListenAddress,
  sockets = 1,
): Promise<Listening> {
  // Without a host, Node listens on `::`, and on 0.0.0.0 on a machine without IPv6.
  const address = host === '::' ? {} : { host };
  const options = { ...address, ...(sockets > 1 && { reusePort: true }) };
  if (sockets > 1 && port !== 0) await assertFree({ ...address, port });
  await listenOn(server, { ...options, port });
  const { port: bound } = server.address() as AddressInfo;
  // As an HTTP server creates its own connections.
  const others = Array.from({ length: sockets - 1 }, () =>
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  );
  await Promise.all(others.map((other) => listenOn(other, { ...options, port: bound })));
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: async () => void (await Promise.all([server, ...others].map(closeOne))),
  };
}

/** With `reusePort`, a second process on the port would get a part of its connections instead of this error. */
async function assertFree(address: ListenOptions): Promise<void> {
  const probe = createServer();
  await listenOn(probe, address);
  await closeOne(probe);
}

async function listenOn(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, resolve);
  });
}

function closeOne(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

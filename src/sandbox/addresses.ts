import { hostname, networkInterfaces } from 'node:os';

/** Whether the host stands for all addresses of the machine. */
export function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', '[::]'].includes(host);
}

/** The host in the URLs of clients on this machine. */
export function clientHost(host: string): string {
  if (isWildcard(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** The names and addresses by which clients may reach a server that listens on the host. */
export function namesOf(host: string): { names: string[]; addresses: string[] } {
  const local = { names: ['localhost'], addresses: ['127.0.0.1', '::1'] };
  if (!isWildcard(host)) {
    const isAddress = host.includes(':') || /^[\d.]+$/.test(host);
    return {
      names: unique([...local.names, ...(isAddress ? [] : [host])]),
      addresses: unique([...local.addresses, ...(isAddress ? [host] : [])]),
    };
  }
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return {
    names: unique([...local.names, hostname(), 'host.docker.internal']),
    // Link-local addresses have a zone, which no certificate can name.
    addresses: unique([
      ...local.addresses,
      ...own.map(({ address }) => address).filter((a) => !a.startsWith('fe80:')),
    ]),
  };
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

import { BlockList, isIP } from 'node:net';

/** The variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export interface ProxySettings {
  https?: string | undefined;
  http?: string | undefined;
  /** Hosts, domains, addresses and ranges that are not reached through a proxy, comma-separated. */
  except?: string | undefined;
}

/** @param problem the error for why it cannot be used; the URL itself may have a password */
export function parseProxy(url: string, problem: (why: string) => Error): URL {
  const parsed = URL.parse(url);
  if (!parsed?.host) throw problem('must be the http:// or https:// URL of a proxy');
  if (!/^https?:$/.test(parsed.protocol))
    throw problem(
      `has the scheme ${parsed.protocol.slice(0, -1)}, which is not supported: http and https are`,
    );
  return parsed;
}

/** The proxy for a server by the environment, read as Go's programs and so kubectl read it. Throws an Error for the administrator. */
export function proxyFromEnvironment(server: string, settings: ProxySettings): URL | undefined {
  const { protocol, hostname, port } = new URL(server);
  const isHttps = protocol === 'https:';
  const url = isHttps ? settings.https : settings.http;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (!url || isExcepted(host, port || (isHttps ? '443' : '80'), settings.except)) return undefined;
  // Without a scheme it is a host and a port.
  return parseProxy(/^[a-z0-9]+:\/\//i.test(url) ? url : `http://${url}`, (why) => {
    return new Error(`${isHttps ? 'HTTPS_PROXY' : 'HTTP_PROXY'} ${why}`);
  });
}

function isExcepted(host: string, port: string, except = ''): boolean {
  if (host === 'localhost' || isIn(host, LOOPBACK)) return true;
  return except
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter(Boolean)
    .some((item) => matches(item, host, port));
}

function matches(item: string, host: string, port: string): boolean {
  if (item === '*') return true;
  if (item.includes('/')) return isIn(host, [item]);
  const [name, itemPort] = splitPort(item);
  if (itemPort !== undefined && itemPort !== port) return false;
  if (isIP(name) && isIP(host)) return isIn(host, [`${name}/${isIP(name) === 6 ? 128 : 32}`]);
  // `example.com` is the host and its subdomains, `.example.com` and `*.example.com` are the subdomains.
  const domain = name.replace(/^\*/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function splitPort(item: string): [name: string, port?: string] {
  // An IPv6 address without brackets has colons of its own.
  if (isIP(item) === 6) return [item];
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(item) ?? [];
  return [name.replace(/^\[|\]$/g, ''), ...(port ? [port] : [])] as [string, string?];
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

function isIn(host: string, ranges: string[]): boolean {
  const family = isIP(host);
  if (family === 0) return false;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const isOfFamily = isIP(address) === family && /^\d{1,3}$/.test(bits ?? '');
    if (isOfFamily && Number(bits) <= (family === 6 ? 128 : 32))
      list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  }
  return list.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { explain } from '../../src/errors.ts';
import type { ClusterEndpoint } from '../../src/kubernetes/connection/endpoint.ts';
import { probeCluster } from '../../src/kubernetes/probe.ts';
import { makeCertificate } from '../../src/sandbox/certificates.ts';
import { transportTo } from '../support/transport.ts';

const answers =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);
const VERSION = answers(200, '{"major":"1","minor":"34"}');
const html = { 'content-type': 'text/html' };

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const http = async (listener: RequestListener) =>
  `http://127.0.0.1:${await portOf(createHttp({ keepAliveTimeout: 1 }, listener))}`;
const tcp = async (handle: (socket: Socket) => void) =>
  `http://127.0.0.1:${await portOf(createTcp((socket) => handle(socket.on('error', () => {}))))}`;
async function tls(more: Partial<ClusterEndpoint> = {}, host = '127.0.0.1'): Promise<ClusterEndpoint> {
  const certificate = await makeCertificate();
  const port = await portOf(createHttps(certificate, VERSION));
  return { server: `https://${host}:${port}`, ca: certificate.cert, ...more };
}

const CASES: [string, () => Promise<ClusterEndpoint>, RegExp][] = [
  [
    'refuses connections',
    async () => ({ server: 'https://127.0.0.1:1' }),
    /connection refused.*\(ECONNREFUSED\)/,
  ],
  [
    'has an unknown name',
    async () => ({ server: 'https://k8s.invalid' }),
    /name of the host .*\((ENOTFOUND|EAI_AGAIN)\)/,
  ],
  [
    'has a certificate of another authority',
    async () => tls({ ca: (await makeCertificate()).cert }),
    /not signed by the certificate authority .*\(\w+\)/,
  ],
  [
    'has a certificate for other names',
    () => tls({ tlsServerName: 'k8s.example.com' }),
    /for other names .*\(ERR_TLS_CERT_ALTNAME_INVALID\)/,
  ],
  [
    'speaks plain HTTP',
    async () => ({ server: (await http(VERSION)).replace('http:', 'https:') }),
    /does not speak TLS.*http:\/\//,
  ],
  [
    'closes connections',
    async () => ({ server: await tcp((socket) => socket.destroy()) }),
    /connection was closed.*expect TLS/,
  ],
  [
    'speaks no HTTP',
    async () => ({ server: await tcp((socket) => socket.end('SSH-2.0-OpenSSH_9\r\n')) }),
    /not HTTP.*expect TLS/,
  ],
  // As Kubernetes answers on its TLS port.
  [
    'expects TLS',
    async () => ({ server: await http(answers(400, 'Client sent an HTTP request to an HTTPS server.')) }),
    /no Kubernetes API server: it answers 400: does it expect TLS/,
  ],
  [
    'answers with a page',
    async () => ({ server: await http(answers(200, '<html>', html)) }),
    /something else than a JSON object/,
  ],
  [
    'redirects',
    async () => ({ server: await http(answers(302, '', { location: 'https://login.example.com' })) }),
    /no Kubernetes API server: it answers 302/,
  ],
  [
    'is another server',
    async () => ({ server: await http(answers(200, '{"data":null}')) }),
    /no Kubernetes API server: it answers without a version/,
  ],
  [
    'does not know the path',
    async () => ({ server: await http(answers(404, 'not found')) }),
    /no Kubernetes API server: it answers 404/,
  ],
  ['fails', async () => ({ server: await http(answers(503, '')) }), /answers 503/],
];

it.each(CASES)(
  'a cluster that %s is UNAVAILABLE; the administrator learns where and why',
  async (_, start, why) => {
    const endpoint = await start();
    const transport = transportTo(endpoint);
    onTestFinished(() => transport.destroy());
    const failure = await probeCluster(transport).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE' });
    expect(explain(failure as Error)).toContain(`: ${endpoint.server}`);
    expect(explain(failure as Error)).toMatch(why);
    // What clients see.
    const { message, extensions } = failure as { message: string; extensions: object };
    expect(message + JSON.stringify(extensions)).not.toContain(new URL(endpoint.server).host);
  },
);

it.each([401, 403])('a cluster that answers %i without credentials is one', async (status) => {
  const transport = transportTo({ server: await http(answers(status, '{"kind":"Status"}')) });
  onTestFinished(() => transport.destroy());
  expect(await probeCluster(transport)).toBeNull();
});

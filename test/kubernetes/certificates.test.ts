import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadCluster } from '../../src/kubernetes/connection/kubeconfig.ts';
import { probeCluster } from '../../src/kubernetes/probe.ts';
import { type Certificate, makeCertificate } from '../../src/sandbox/certificates.ts';
import { kubeconfigFile, testDirectory } from '../support/kubeconfig-file.ts';
import { transportTo } from '../support/transport.ts';

/** An API server that says its version, and whose certificate can be replaced. */
async function startServer(certificate: Certificate, options: { requestCert?: boolean } = {}) {
  const names: (string | undefined)[] = [];
  const https = createServer(
    { ...certificate, ...options, rejectUnauthorized: false },
    (request, response) => {
      names.push((request.socket as import('node:tls').TLSSocket).getPeerCertificate().fingerprint256);
      response.setHeader('connection', 'close').end('{"major":"1","minor":"34"}');
    },
  );
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void https.close());
  const { port } = https.address() as AddressInfo;
  return {
    server: `https://127.0.0.1:${port}`,
    use: (next: Certificate) => https.setSecureContext(next),
    names,
  };
}

it('a certificate authority that is replaced counts from the next connection on', async () => {
  const [old, next] = [await makeCertificate(), await makeCertificate()];
  const { server, use } = await startServer(old);
  const ca = join(testDirectory(), 'ca.crt');
  writeFileSync(ca, old.cert);
  const file = kubeconfigFile({ server, 'certificate-authority': ca }, { token: 't' });
  const transport = transportTo(loadCluster({ kubeconfigs: [file] }).endpoint);
  onTestFinished(() => transport.destroy());
  expect(await probeCluster(transport)).toEqual({ major: 1, minor: 34 });
  use(next);
  await expect(probeCluster(transport)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  writeFileSync(ca, next.cert);
  expect(await probeCluster(transport)).toEqual({ major: 1, minor: 34 });
});

it('so does a client certificate', async () => {
  const own = await makeCertificate();
  const { server, names } = await startServer(own, { requestCert: true });
  const directory = testDirectory();
  const write = ({ cert, key }: Certificate) => {
    writeFileSync(join(directory, 'cert'), cert);
    writeFileSync(join(directory, 'key'), key);
  };
  write(await makeCertificate());
  const user = { 'client-certificate': 'cert', 'client-key': 'key' };
  const file = kubeconfigFile({ server, 'insecure-skip-tls-verify': true }, user, directory);
  const transport = transportTo(loadCluster({ kubeconfigs: [file] }).backendEndpoint);
  onTestFinished(() => transport.destroy());
  await probeCluster(transport);
  write(await makeCertificate());
  await probeCluster(transport);
  expect(names).toEqual([expect.any(String), expect.any(String)]);
  expect(names[0]).not.toBe(names[1]);
});

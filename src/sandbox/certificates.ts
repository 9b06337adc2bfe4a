import { generate } from 'selfsigned';
import { namesOf } from './addresses.ts';

export interface Certificate {
  key: string;
  /** PEM; also its own CA. */
  cert: string;
}

/** Creates a self-signed certificate for a server that listens on the host. */
export async function makeCertificate(host = '127.0.0.1'): Promise<Certificate> {
  const { names, addresses } = namesOf(host);
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'writ-sandbox' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 60_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { key, cert };
}

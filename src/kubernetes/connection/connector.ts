import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { buildConnector } from 'undici';
import type { ClusterEndpoint, Pem } from './endpoint.ts';
import { openTunnel } from './tunnel.ts';

type TlsFiles = ReturnType<typeof readTlsFiles>;

/**
 * Opens the connections of a pool: through the proxy if there is one, and with the certificates that the files have at that
 * time, since certificate authorities and client certificates are replaced while Writ runs.
 */
export function createConnector(endpoint: ClusterEndpoint, timeoutMs: number): buildConnector.connector {
  let current: { files: TlsFiles; connect: buildConnector.connector } | undefined;
  return (options, callback) => {
    let connect: buildConnector.connector;
    try {
      connect = connectorWith(readTlsFiles(endpoint));
    } catch (error) {
      return callback(error as Error, null);
    }
    const { proxy } = endpoint;
    if (!proxy) return connect(options, callback);
    openTunnel(proxy, options, timeoutMs).then(
      (socket) =>
        options.protocol === 'https:'
          ? connect({ ...options, httpSocket: socket }, callback)
          : callback(null, socket),
      (error: Error) => callback(error, null),
    );
  };

  /** The same one as long as the files are the same: it resumes TLS sessions. */
  function connectorWith(files: TlsFiles): buildConnector.connector {
    if (current && isDeepStrictEqual(current.files, files)) return current.connect;
    const { tlsServerName, skipTlsVerify } = endpoint;
    const connect = buildConnector({
      timeout: timeoutMs,
      allowH2: false,
      rejectUnauthorized: skipTlsVerify !== true,
      ...(tlsServerName && { servername: tlsServerName }),
      ...files,
    });
    current = { files, connect };
    return connect;
  }
}

/** Throws the error of the file system if a file cannot be read. */
export function readTlsFiles({ ca, clientCertificate }: ClusterEndpoint): {
  ca?: string;
  cert?: string;
  key?: string;
} {
  return {
    ...(ca && { ca: read(ca) }),
    ...(clientCertificate && { cert: read(clientCertificate.cert), key: read(clientCertificate.key) }),
  };
}

function read(pem: Pem): string {
  return typeof pem === 'string' ? pem : readFileSync(pem.file, 'utf8');
}

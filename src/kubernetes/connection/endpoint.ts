/** PEM text, or the file that has it. The file is read for each connection, so that it can be replaced. */
export type Pem = string | { file: string };

/** The address of an API server and how to verify it. It has no user's credentials. */
export interface ClusterEndpoint {
  /** The origin, such as `https://10.0.0.1:6443`, and a path prefix if a proxy needs one. */
  server: string;
  ca?: Pem | undefined;
  tlsServerName?: string | undefined;
  skipTlsVerify?: boolean | undefined;
  /** The HTTP proxy that connections to the server go through. It may contain a password. */
  proxy?: URL | undefined;
  /** Only ever the backend's, which has a pool of its own. */
  clientCertificate?: { cert: Pem; key: Pem } | undefined;
  /** Headers of the backend's calls with which it acts as another user (`as` in a kubeconfig). */
  impersonation?: Record<string, string | string[]> | undefined;
}

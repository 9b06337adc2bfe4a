import { execFile } from 'node:child_process';
import { z } from 'zod';
import { oneLine } from '../one-line.ts';
import { type Credential, notReadable } from './credential.ts';
import type { ExecFields } from './kubeconfig-fields.ts';

export interface ExecPluginOptions {
  exec: ExecFields;
  /** What the plugin inherits. */
  environment: Record<string, string | undefined>;
  /** For `provideClusterInfo`: `spec.cluster` of an ExecCredential. */
  clusterInfo: object;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

const status = z.object({
  token: z.string().regex(/^[\x21-\x7e]+$/),
  expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
});
const output = z.object({ kind: z.literal('ExecCredential'), apiVersion: z.string(), status });

/**
 * A credential plugin (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 * What it returns is used until it expires or the cluster does not accept it. Its output is in no error: it may be a token.
 */
export function execPlugin(options: ExecPluginOptions): Credential {
  let running: Promise<string> | undefined;
  let current: { authorization: string; expiresAt: number } | undefined;

  const credential: Credential = async () => {
    if (current && Date.now() < current.expiresAt) return current.authorization;
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
  credential.rejected = (authorization) => {
    if (current?.authorization === authorization) current = undefined;
  };
  return credential;

  async function ask(): Promise<string> {
    const { apiVersion, command } = options.exec;
    const fail = (why: string) => notReadable(`the credential plugin ${command} ${why}`);
    const printed = await run(options, fail);
    let content: unknown;
    try {
      content = JSON.parse(printed);
    } catch {
      throw fail('printed no JSON');
    }
    const result = output.safeParse(content);
    if (!result.success) {
      const { clientCertificateData } =
        (content as { status?: Record<string, unknown> } | null)?.status ?? {};
      throw fail(
        clientCertificateData
          ? 'returned a client certificate, which Writ does not support: only a token'
          : 'printed no ExecCredential with a token',
      );
    }
    if (result.data.apiVersion !== apiVersion) throw fail(`printed another apiVersion than ${apiVersion}`);
    const { token, expirationTimestamp } = result.data.status;
    current = {
      authorization: `Bearer ${token}`,
      expiresAt: expirationTimestamp ? Date.parse(expirationTimestamp) : Number.POSITIVE_INFINITY,
    };
    return current.authorization;
  }
}

function run(
  { exec, environment, clusterInfo }: ExecPluginOptions,
  fail: (why: string) => Error,
): Promise<string> {
  const { apiVersion, command, args = [], env = [], installHint, provideClusterInfo } = exec;
  const info = {
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false, ...(provideClusterInfo && { cluster: clusterInfo }) },
  };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = execFile(
    command,
    args,
    {
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      env: {
        ...environment,
        ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify(info),
      },
    },
    (error, stdout) => {
      if (!error) return resolve(stdout);
      // A number is an exit status, a string the reason why it could not be started or was stopped.
      const { code, killed } = error;
      if (typeof code === 'number') return reject(fail(`ended with exit status ${code}`));
      const hint = code === 'ENOENT' && installHint ? `: ${oneLine(installHint, 200)}` : '';
      reject(fail(killed ? 'did not end in time' : `cannot be run (${code ?? 'ERROR'})${hint}`));
    },
  );
  // It must not wait for input.
  child.stdin?.on('error', () => {});
  child.stdin?.end();
  return promise;
}

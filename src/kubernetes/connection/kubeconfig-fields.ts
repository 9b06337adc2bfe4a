import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { ClusterEndpoint, Pem } from './endpoint.ts';
import { impersonationHeaders } from './impersonation.ts';
import type { KubeconfigEntry } from './kubeconfig-files.ts';
import { parseProxy } from './proxy.ts';

const text = z.string();
/** As a header carries it. */
const header = text.regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');
const server = z.url({ protocol: /^https?$/, error: 'must be an https:// or http:// URL' });

const clusterFields = z.strictObject({
  server,
  'certificate-authority': text.optional(),
  'certificate-authority-data': text.optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': text.optional(),
  'proxy-url': text.optional(),
  // Writ asks for no compression anyway.
  'disable-compression': z.boolean().optional(),
  extensions: z.unknown().optional(),
});

const execFields = z.strictObject({
  apiVersion: z.enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  command: text.min(1),
  args: z.array(text).optional(),
  env: z.array(z.object({ name: text.min(1), value: text })).optional(),
  installHint: text.optional(),
  provideClusterInfo: z.boolean().optional(),
  interactiveMode: z
    .enum(['Never', 'IfAvailable', 'Always'])
    .refine((mode) => mode !== 'Always', 'cannot be Always: Writ has no terminal')
    .optional(),
});

const userFields = z.strictObject({
  token: header.optional(),
  tokenFile: text.optional(),
  'client-certificate': text.optional(),
  'client-certificate-data': text.optional(),
  'client-key': text.optional(),
  'client-key-data': text.optional(),
  username: text.optional(),
  password: text.optional(),
  exec: execFields.optional(),
  as: header.optional(),
  'as-uid': header.optional(),
  'as-groups': z.array(header).optional(),
  'as-user-extra': z.record(text, z.array(header)).optional(),
  extensions: z.unknown().optional(),
});

export type ExecFields = z.infer<typeof execFields>;

/** Of the cluster of a context. Throws an Error that names each field that is not valid, and not its value. */
export function clusterOf(entry: KubeconfigEntry): ClusterEndpoint {
  const fields = parse(entry, clusterFields);
  const ca = pemOf(entry, fields, 'certificate-authority');
  const skipTlsVerify = fields['insecure-skip-tls-verify'];
  const { username, password } = new URL(fields.server);
  if (username || password) throw problem(entry, 'server', 'must not contain a user or a password');
  if (ca && skipTlsVerify)
    throw problem(entry, 'insecure-skip-tls-verify', 'cannot be true with a certificate authority');
  const proxyUrl = fields['proxy-url'];
  return {
    server: fields.server.replace(/\/$/, ''),
    ca,
    tlsServerName: fields['tls-server-name'],
    skipTlsVerify,
    ...(proxyUrl && { proxy: parseProxy(proxyUrl, (why) => problem(entry, 'proxy-url', why)) }),
  };
}

/** How Writ says who it is: by one of the first three, a client certificate, or a certificate and a token. */
export interface ClusterUser {
  token?: string | { file: string };
  basic?: { username: string; password: string };
  exec?: ExecFields;
  clientCertificate?: { cert: Pem; key: Pem };
  impersonation?: Record<string, string | string[]>;
}

/** Of the user of a context, as {@link clusterOf}. */
export function userOf(entry: KubeconfigEntry): ClusterUser {
  if (entry.fields['auth-provider'])
    throw problem(entry, 'auth-provider', 'is not supported: use exec, tokenFile or token');
  const fields = parse(entry, userFields);
  const { token, tokenFile, username, password, exec } = fields;
  const cert = pemOf(entry, fields, 'client-certificate');
  const key = pemOf(entry, fields, 'client-key');
  if (!cert !== !key) throw problem(entry, cert ? 'client-key' : 'client-certificate', 'is missing');
  const used = [
    ...(token || tokenFile ? ['token'] : []),
    ...(username || password ? ['username'] : []),
    ...(exec ? ['exec'] : []),
  ];
  if (used.length > 1 || (exec && cert)) {
    const names = [...used, ...(exec && cert ? ['client-certificate'] : [])].join(', ');
    throw problem(entry, names, 'are different identities: only one of them can be used');
  }
  if (used.length === 0 && !cert)
    throw problem(entry, 'token', 'or another credential is missing: Writ would be anonymous');
  return {
    // The file first, as for kubectl: it is renewed.
    ...(tokenFile ? { token: { file: pathOf(entry, tokenFile) } } : token && { token }),
    ...(used.includes('username') && { basic: { username: username ?? '', password: password ?? '' } }),
    // Only a command with a slash is a path.
    ...(exec && {
      exec: { ...exec, command: exec.command.includes('/') ? pathOf(entry, exec.command) : exec.command },
    }),
    ...(cert && key && { clientCertificate: { cert, key } }),
    ...impersonationOf(entry, fields),
  };
}

function impersonationOf(entry: KubeconfigEntry, fields: z.infer<typeof userFields>) {
  const { as, 'as-uid': uid, 'as-groups': groups, 'as-user-extra': extra } = fields;
  if (!as && (uid || groups || extra))
    throw problem(entry, 'as', 'is missing, but as-uid, as-groups or as-user-extra is set');
  return as ? { impersonation: impersonationHeaders({ user: as, uid, groups, extra }) } : {};
}

/** Of the field with this name, which is a path, or the one with `-data`, which is base64. */
function pemOf(entry: KubeconfigEntry, fields: object, name: string): Pem | undefined {
  const values = fields as Record<string, string | undefined>;
  const [path, data] = [values[name], values[`${name}-data`]];
  if (path && data) throw problem(entry, name, `and ${name}-data cannot both be set`);
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  return path ? { file: pathOf(entry, path) } : undefined;
}

function pathOf({ file }: KubeconfigEntry, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** A field that Writ does not know is refused: without it, Writ could be someone else than the file says. */
function parse<T>(entry: KubeconfigEntry, schema: z.ZodType<T>): T {
  // As for kubectl, an empty value is none.
  const given = Object.entries(entry.fields).filter(([, value]) => value !== null && value !== '');
  const result = schema.safeParse(Object.fromEntries(given));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (/^[A-Za-z][A-Za-z-]{0,40}$/.test(key) ? key : 'a field'));
    throw problem(entry, [path, keys.join(', ')].filter(Boolean).join('.'), 'is not supported');
  }
  throw problem(entry, path, issue?.message ?? 'is not valid');
}

function problem({ file, kind, name }: KubeconfigEntry, field: string, why: string): Error {
  return new Error(`${file}: ${kind} "${name}": ${field} ${why}`);
}

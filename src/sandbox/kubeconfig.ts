import { stringify } from 'yaml';

/** A kubeconfig with a context for each user. The current context is `admin`. */
export function kubeconfig(server: string, ca: string, tokens: Record<string, string>): string {
  const cluster = 'writ-sandbox';
  const users = Object.entries(tokens);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: cluster,
        cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
      },
    ],
    users: users.map(([name, token]) => ({ name, user: { token } })),
    contexts: users.map(([name]) => ({ name, context: { cluster, user: name, namespace: 'demo' } })),
    'current-context': 'admin',
  });
}

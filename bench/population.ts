import { kubernetes } from './live-clients.ts';
import { nameOf, SEARCHED, session, sessionsOf } from './operations.ts';
import { type Cluster, serve } from './process.ts';
import { clientOf } from './soak/client.ts';

/** Projects by the number of their sessions. Writes have one of their own. */
export const PROJECTS = { few: 50, many: 5_000, writes: 0 } as const;
export type ProjectName = keyof typeof PROJECTS;

/** Puts the projects, and answers tokens of service accounts that may edit them. Each has its own namespace: it is a user. */
export async function populate(cluster: Cluster, users: number): Promise<string[]> {
  const { call } = kubernetes(cluster);
  const writ = await serve(cluster.kubeconfig);
  const send = clientOf(writ.url, cluster.admin);
  try {
    for (const name of Object.keys(PROJECTS)) {
      const { code } = await send(
        'mutation ($name: String!) { createProject(input: { name: $name }) { project { name } } }',
        { name },
      );
      if (code !== 'OK') throw new Error(`createProject: ${code}`);
      const { code: secrets } = await send(
        'mutation ($input: UpdateRunnerSecretsInput!) { updateRunnerSecrets(input: $input) { __typename } }',
        { input: { project: name, set: [{ key: 'ANTHROPIC_API_KEY', value: 'none' }] } },
      );
      if (secrets !== 'OK') throw new Error(`updateRunnerSecrets: ${secrets}`);
    }
  } finally {
    await writ.stop();
  }
  for (const [project, count] of Object.entries(PROJECTS)) {
    await forEach(count, (n) => {
      const name = nameOf(n);
      return call('POST', sessionsOf(project), session(name, n % 100 === 0 ? SEARCHED : name));
    });
  }
  const tokens: string[] = [];
  await forEach(users, async (n) => {
    const namespace = `user-${n}`;
    await call('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await call('POST', accounts, { metadata: { name: 'user' } });
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 86_400 },
    };
    tokens[n] = (await call('POST', `${accounts}/user/token`, request)).status.token;
  });
  const apiGroup = 'rbac.authorization.k8s.io';
  for (const project of Object.keys(PROJECTS)) {
    await call('POST', `/apis/${apiGroup}/v1/namespaces/${project}/rolebindings`, {
      metadata: { name: 'bench' },
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'ambient-project-edit' },
      subjects: tokens.map((_, n) => ({ kind: 'ServiceAccount', name: 'user', namespace: `user-${n}` })),
    });
  }
  return tokens;
}

async function forEach(count: number, act: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let n = next++; n < count; n = next++) await act(n);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

import type { ContractCluster, Project } from './fixture.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/**
 * Makes the cluster forget what was before now. Answers why it could not: the real one has to compact etcd, whose
 * address only the API server's flags tell.
 */
export async function expireHistory(
  { name, admin }: Pick<ContractCluster, 'name' | 'admin'>,
  { core }: Pick<Project, 'core'>,
): Promise<string | undefined> {
  if (name === 'sandbox') {
    await admin.post(core('configmaps'), { metadata: { name: 'churn' } });
    for (let i = 0; i < 50; i += 1) {
      await admin.patch(`${core('configmaps')}/churn`, { data: { i: String(i) } });
    }
    return undefined;
  }
  const { body: flags } = await admin.get('/flagz', { accept: 'text/plain' });
  const etcd = /^etcd-servers[=:\s]+\[?(http:[^\],\s]+)/m.exec(String(flags))?.[1];
  if (!etcd) return 'the API server does not tell its flags at /flagz, so etcd cannot be compacted';
  const post = async (path: string, body: object) =>
    (await fetch(`${etcd}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<{
      header?: { revision: string };
      error?: string;
    }>;
  const { header } = await post('range', { key: base64('compact_rev_key') });
  if (!header) return `etcd has no JSON gateway at ${etcd}`;
  const { revision } = header;
  const { error } = await post('compaction', { revision, physical: true });
  // By this key API servers tell each other how far one of them has compacted. They keep snapshots of their own and
  // forget them then: https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apiserver/pkg/storage/etcd3/compact.go
  await post('put', { key: base64('compact_rev_key'), value: base64(revision) });
  return error;
}

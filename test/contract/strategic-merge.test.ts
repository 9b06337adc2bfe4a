import { beforeEach, describe, expect, it } from 'vitest';
import { suspendedJob } from '../support/objects.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
let path = '';

beforeEach(async () => {
  const account = { secrets: [{ name: 'a' }, { name: 'b' }], metadata: { generateName: 'merged-' } };
  const { metadata } = await cluster.admin.create(project.core('serviceaccounts'), account);
  path = `${project.core('serviceaccounts')}/${metadata.name}`;
});

describe('a strategic merge patch', () => {
  const patch = (body: object, at = path) => cluster.admin.patch(at, body, 'strategic-merge');
  const secrets = async (items: object[]) =>
    (await patch({ secrets: items })).body.secrets?.map((s: { name: string }) => s.name);

  it('merges lists by the key of their type', async () => {
    expect((await secrets([{ name: 'c' }, { name: 'a' }])).sort()).toEqual(['a', 'b', 'c']);
    expect(await secrets([{ $patch: 'delete', name: 'b' }])).not.toContain('b');
    expect(await secrets([{ $patch: 'replace' }, { name: 'd' }])).toEqual(['d']);
  });

  it('replaces lists that have none, and objects that it says to replace', async () => {
    await cluster.admin.create(project.rbac('roles'), {
      metadata: { name: 'merged' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    });
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
    expect((await patch({ rules }, `${project.rbac('roles')}/merged`)).body.rules).toEqual(rules);
    await patch({ metadata: { labels: { a: '1', b: '2' } } });
    const { body } = await patch({ metadata: { labels: { $patch: 'replace', c: '3' } } });
    expect(body.metadata.labels).toEqual({ c: '3' });
  });

  it('merges and removes finalizers', async () => {
    const finalizers = async (metadata: object) => (await patch({ metadata })).body.metadata.finalizers;
    expect(await finalizers({ finalizers: ['example.com/a'] })).toEqual(['example.com/a']);
    expect(await finalizers({ finalizers: ['example.com/b'] })).toHaveLength(2);
    const removed = await finalizers({ '$deleteFromPrimitiveList/finalizers': ['example.com/b'] });
    expect(removed).toEqual(['example.com/a']);
    await patch({ metadata: { finalizers: null } });
  });

  it('reaches the variables of a container', async () => {
    await cluster.admin.create(project.jobs, suspendedJob('merged'));
    const env = [{ name: 'A', value: '1' }];
    const { body } = await patch(
      { spec: { template: { spec: { containers: [{ name: 'runner', env }] } } } },
      `${project.jobs}/merged?dryRun=All`,
    );
    // The spec of the pods cannot be changed, and the refusal shows what the patch would make of it.
    expect(body).toMatchObject({ code: 422, message: expect.stringContaining('spec.template.spec') });
    expect(body.message).toMatch(/example\/runner/);
  });

  it('is refused for custom resources', async () => {
    const { metadata } = await cluster.admin.create(project.sessions, {
      apiVersion: 'vteam.ambient-code/v1alpha1',
      kind: 'AgenticSession',
      metadata: { generateName: 's-' },
      spec: {},
    });
    expect((await patch({}, `${project.sessions}/${metadata.name}`)).status).toBe(415);
  });
});

import { describe, expect, it } from 'vitest';
import type { Body } from '../support/kubernetes-client.ts';
import { contractCluster } from './fixture.ts';

const cluster = contractCluster();

async function schemas(root: string): Promise<Record<string, Body>> {
  const { body: index } = await cluster.admin.get('/openapi/v3');
  // The API server says that the index is plain text.
  const { paths } = typeof index === 'string' ? JSON.parse(index) : index;
  const { body } = await cluster.admin.get(paths[root].serverRelativeURL);
  return body.components.schemas;
}

describe('the OpenAPI v3 documents', () => {
  it('describe built-in kinds and the types of their fields', async () => {
    const core = await schemas('api/v1');
    const { properties, required } = core['io.k8s.api.core.v1.PodSpec'] as Body;
    expect(properties.containers).toMatchObject({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    });
    expect(required).toEqual(['containers']);
    expect(properties.activeDeadlineSeconds).toMatchObject({ type: 'integer', format: 'int64' });
    expect(properties.nodeSelector).toMatchObject({ 'x-kubernetes-map-type': 'atomic' });
    expect(properties.affinity.allOf).toEqual([{ $ref: '#/components/schemas/io.k8s.api.core.v1.Affinity' }]);
    expect((core['io.k8s.api.core.v1.Volume'] as Body).properties).toHaveProperty('emptyDir');
    const pod = core['io.k8s.api.core.v1.Pod'] as Body;
    expect(pod['x-kubernetes-group-version-kind']).toContainEqual({ group: '', kind: 'Pod', version: 'v1' });
    expect(Object.keys(pod.properties).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  });

  it('describe custom kinds by their definition', async () => {
    const own = await schemas('apis/vteam.ambient-code/v1alpha1');
    const session = own['ambient-code.vteam.v1alpha1.AgenticSession'] as Body;
    expect(session.properties.spec.properties.repos).toMatchObject({
      type: 'array',
      description: expect.stringContaining('git repositories'),
    });
    expect(JSON.stringify(session.properties.metadata)).toContain('meta.v1.ObjectMeta');
    expect(own).toHaveProperty(['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta']);
  });

  it('have a path for each collection and each object', async () => {
    const { body } = await cluster.admin.get('/openapi/v3/apis/batch/v1');
    const { patch } = body.paths['/apis/batch/v1/namespaces/{namespace}/jobs/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'batch', kind: 'Job', version: 'v1' });
    const names = patch.parameters.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation']));
  });
});

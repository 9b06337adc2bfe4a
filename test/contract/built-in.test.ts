import { describe, expect, it } from 'vitest';
import { heldPod, named, suspendedJob } from '../support/objects.ts';
import { causes, contractCluster } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

describe('a Secret', () => {
  it('keeps stringData as data, over data of the same key', async () => {
    const given = { data: { a: 'YQ==', b: 'YQ==' }, stringData: { b: 'b' } };
    const body = await cluster.admin.create(project.core('secrets'), named('stringy', given));
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'Yg==' } });
    expect(body.stringData).toBeUndefined();
  });

  it('takes stringData in a patch too', async () => {
    await cluster.admin.create(project.core('secrets'), named('patched', { data: { a: 'YQ==' } }));
    const path = `${project.core('secrets')}/patched`;
    const { body } = await cluster.admin.patch(path, { stringData: { b: 'b' } });
    expect(body.data).toEqual({ a: 'YQ==', b: 'Yg==' });
  });

  it('is patched by a key, and loses one by null, without being read', async () => {
    const secrets = project.core('secrets');
    await cluster.admin.create(secrets, named('keyed', { data: { a: 'YQ==', b: 'Yg==' } }));
    const { client } = await cluster.newAccount(project, [
      { apiGroups: [''], resources: ['secrets'], verbs: ['patch'] },
    ]);
    const { status, body } = await client.patch(`${secrets}/keyed`, { data: { a: null, c: 'Yw==' } });
    expect(status).toBe(200);
    expect(body.data).toEqual({ b: 'Yg==', c: 'Yw==' });
    expect((await client.get(`${secrets}/keyed`)).status).toBe(403);
  });

  it('holds base64 (else 400) under keys of a file name (else 422), and keeps its type', async () => {
    const post = (data: object) => cluster.admin.post(project.core('secrets'), named('odd', { data }));
    const illegal = await post({ a: 'not base64!' });
    expect(illegal.status).toBe(400);
    expect(illegal.body.message).toContain('illegal base64 data');
    const key = await post({ 'bad key': 'YQ==' });
    expect(key.status).toBe(422);
    expect(causes(key.body)).toEqual(['data[bad key]']);
    await cluster.admin.create(project.core('secrets'), named('typed'));
    const typed = await cluster.admin.patch(`${project.core('secrets')}/typed`, { type: 'other' });
    expect(typed.status).toBe(422);
    expect(causes(typed.body)).toEqual(['type']);
  });
});

describe('a Job', () => {
  it('needs containers and a restartPolicy that is not Always', async () => {
    const { status, body } = await cluster.admin.post(project.jobs, named('empty'));
    expect(status).toBe(422);
    expect(causes(body)).toEqual(['spec.template.spec.containers', 'spec.template.spec.restartPolicy']);
  });

  it('needs valid labels for its pods', async () => {
    const { spec } = suspendedJob('odd') as { spec: { template: object } };
    const template = { ...spec.template, metadata: { labels: { a: 'not a label!' } } };
    const { status, body } = await cluster.admin.post(
      project.jobs,
      named('odd', { spec: { ...spec, template } }),
    );
    expect(status).toBe(422);
    expect(causes(body)).toContain('spec.template.labels');
  });

  it('has a status of its own and counts its generation', async () => {
    const created = await cluster.admin.create(project.jobs, suspendedJob('counted'));
    expect(created.metadata.generation).toBe(1);
    const path = `${project.jobs}/counted`;
    const changed = await cluster.admin.patch(path, { spec: { backoffLimit: 3 } });
    expect(changed.body.metadata.generation).toBe(2);
    expect((await cluster.admin.get(`${path}/status`)).status).toBe(200);
  });

  it('gets defaults, and a selector and labels that only its own pods have', async () => {
    const { metadata, spec } = await cluster.admin.create(project.jobs, suspendedJob('selecting'));
    const uid = { 'batch.kubernetes.io/controller-uid': metadata.uid };
    expect(spec).toMatchObject({
      selector: { matchLabels: uid },
      template: { metadata: { labels: { ...uid, 'job-name': 'selecting' } } },
      ...{ completions: 1, parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed' },
    });
    expect(metadata.labels).toEqual(spec.template.metadata.labels);
  });

  it('is refused a selector that is not its own, unless it is manual and selects its pods', async () => {
    const post = async (name: string, manualSelector: boolean, value: string) => {
      const job = suspendedJob(name) as { spec: { template: object } };
      const template = { ...job.spec.template, metadata: { labels: { a: 'b' } } };
      const selector = { matchLabels: { a: value } };
      return cluster.admin.post(project.jobs, {
        ...job,
        spec: { ...job.spec, manualSelector, selector, template },
      });
    };
    expect((await post('manual', true, 'b')).status).toBe(201);
    expect(causes((await post('other', true, 'c')).body)).toEqual(['spec.template.metadata.labels']);
    expect(causes((await post('given', false, 'b')).body)).toEqual(['spec.selector']);
  });

  it('keeps its selector, its completions and the spec of its pods', async () => {
    await cluster.admin.create(project.jobs, suspendedJob('kept'));
    const patch = async (spec: object) => (await cluster.admin.patch(`${project.jobs}/kept`, { spec })).body;
    expect(causes(await patch({ completions: 3 }))).toEqual(['spec.completions']);
    expect(causes(await patch({ selector: { matchLabels: { a: 'b' } } }))).toContain('spec.selector');
    const template = { spec: { restartPolicy: 'OnFailure' } };
    expect(causes(await patch({ template }))).toContain('spec.template.spec');
    expect((await patch({ parallelism: 2 })).spec.parallelism).toBe(2);
  });
});

describe('a pod', () => {
  it('needs containers with names', async () => {
    const post = (spec: object) => cluster.admin.post(project.core('pods'), named('p', { spec }));
    expect(causes((await post({ containers: [] })).body)).toContain('spec.containers');
    expect(causes((await post({ containers: [{ image: 'i' }] })).body)).toContain('spec.containers[0].name');
  });

  it('is Pending at first, and has no log (204) before it is on a node', async () => {
    const body = await cluster.admin.create(project.core('pods'), heldPod('early'));
    expect(body.status.phase).toBe('Pending');
    const log = await cluster.admin.get(`${project.core('pods')}/early/log`);
    expect([log.status, log.body]).toEqual([204, '']);
  });

  it('has a log for each container, and says 400 to another, or to none where there are two', async () => {
    const pods = project.core('pods');
    const pod = heldPod('two') as { spec: { containers: object[] } };
    pod.spec.containers = ['one', 'two'].map((name) => ({ name, image: 'example/runner' }));
    await cluster.admin.create(pods, pod);
    const other = await cluster.admin.get(`${pods}/two/log?container=three`);
    expect(other.status).toBe(400);
    expect(other.body.message).toBe('container three is not valid for pod two');
    const none = await cluster.admin.get(`${pods}/two/log`);
    expect(none.status).toBe(400);
    expect(none.body.message).toBe(
      'a container name must be specified for pod two, choose one of: [one two]',
    );
    expect((await cluster.admin.get(`${pods}/none/log`)).status).toBe(404);
  });
});

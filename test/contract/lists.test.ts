import { beforeAll, describe, expect, it } from 'vitest';
import type { Body } from '../support/kubernetes-client.ts';
import { session, suspendedJob } from '../support/objects.ts';
import { contractCluster, names } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();
const another = cluster.project();
beforeAll(async () => {
  for (const [name, labels] of Object.entries({
    a: { tier: 'web', env: 'prod' },
    b: { tier: 'web', env: 'test' },
    c: { tier: 'db', env: 'prod' },
    d: { env: 'prod' },
    e: {},
  })) {
    await cluster.admin.create(project.sessions, session(name, { metadata: { name, labels } }));
  }
  await cluster.admin.create(another.sessions, session('z'));
});

const list = async (query: string): Promise<Body> =>
  (await cluster.admin.get(`${project.sessions}?${encodeURI(query)}`)).body;

describe('a list', () => {
  const metadataOf = (what: string) => ({ accept: `application/json;as=${what};g=meta.k8s.io;v=v1` });

  it('has a kind, a resourceVersion and the items in order of name', async () => {
    const body = await list('');
    expect(body).toMatchObject({ kind: 'AgenticSessionList', apiVersion: 'vteam.ambient-code/v1alpha1' });
    expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
    expect(body.metadata.continue || undefined).toBeUndefined();
    expect(names(body)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(body.items[0]).toMatchObject({ kind: 'AgenticSession', metadata: { namespace: project.name } });
  });

  it('of all namespaces is in order of namespace, then name', async () => {
    const { body } = await cluster.admin.get('/apis/vteam.ambient-code/v1alpha1/agenticsessions');
    const keys = body.items.map(({ metadata: m }: Body) => `${m.namespace}/${m.name}`);
    expect(keys).toEqual([...keys].sort());
    expect(keys).toEqual(expect.arrayContaining([`${project.name}/a`, `${another.name}/z`]));
  });

  it('of the metadata alone, page by page', async () => {
    const list = metadataOf('PartialObjectMetadataList');
    const job = suspendedJob('bare', { labels: { a: 'b' }, annotations: { c: 'd' } });
    await cluster.admin.create(project.jobs, job);
    for (const [path, kept] of [
      [project.sessions, { labels: { tier: 'web', env: 'prod' } }],
      [project.jobs, { labels: { a: 'b' }, annotations: { c: 'd' } }],
    ] as const) {
      const { body } = await cluster.admin.get(`${path}?limit=1`, list);
      expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
      expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(body.items).toEqual([
        {
          kind: 'PartialObjectMetadata',
          apiVersion: 'meta.k8s.io/v1',
          metadata: expect.objectContaining(kept),
        },
      ]);
    }
    const { body: first } = await cluster.admin.get(`${project.sessions}?limit=3`, list);
    const rest = `${project.sessions}?limit=3&continue=${first.metadata.continue}`;
    expect([first, (await cluster.admin.get(rest, list)).body].map(names)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('of the metadata alone has null for no items', async () => {
    const headers = metadataOf('PartialObjectMetadataList');
    for (const path of [another.jobs, `${another.sessions}?labelSelector=no=such`])
      expect((await cluster.admin.get(path, headers)).body.items).toBeNull();
  });

  it('has another form for its metadata than an object', async () => {
    const [list, object] = ['PartialObjectMetadataList', 'PartialObjectMetadata'].map(metadataOf);
    const one = `${project.sessions}/a`;
    expect((await cluster.admin.get(one, object)).body.kind).toBe('PartialObjectMetadata');
    expect((await cluster.admin.get(one, object)).body).not.toHaveProperty('spec');
    expect(await cluster.admin.get(project.sessions, object)).toMatchObject({
      status: 406,
      body: { reason: 'NotAcceptable' },
    });
    expect((await cluster.admin.get(one, list)).status).toBe(500);
  });

  it('at a resourceVersion of the future is 504', async () => {
    const { status, body } = await cluster.admin.get(`${project.sessions}?resourceVersion=999999999`);
    expect(status).toBe(504);
    expect(body).toMatchObject({ reason: 'Timeout', details: { retryAfterSeconds: 1 } });
    expect(body.message).toMatch(/^Timeout: Too large resource version: 999999999, current: \d+$/);
  });
});

describe('selectors', () => {
  it.each([
    ['labelSelector=tier=web', 'ab'],
    ['labelSelector=tier==web,env!=test', 'a'],
    ['labelSelector=tier!=web', 'cde'],
    ['labelSelector=tier in (web, db)', 'abc'],
    ['labelSelector=tier notin (web),env', 'cd'],
    ['labelSelector=tier', 'abc'],
    ['labelSelector=!tier', 'de'],
    ['labelSelector=tier in ()', ''],
    ['labelSelector=tier notin (web,)', 'cde'],
    ['labelSelector=tier=', ''],
    ['labelSelector=tier!=', 'abcde'],
    ['labelSelector=in in (in)', ''],
    ['labelSelector=tier>1', ''],
    ['labelSelector=tier\n=\tweb', 'ab'],
    ['fieldSelector=metadata.name!=a\\,b', 'abcde'],
    ['fieldSelector=,metadata.name=a,', 'a'],
    ['fieldSelector=metadata.name=b', 'b'],
    ['fieldSelector=metadata.name!=b', 'acde'],
    ['labelSelector=env=prod&fieldSelector=metadata.name!=a', 'cd'],
  ])('%s', async (query, expected) => {
    expect(names(await list(query)).join('')).toBe(expected);
  });

  it('of a namespace by a field', async () => {
    const query = `fieldSelector=metadata.namespace=${another.name}`;
    const { body } = await cluster.admin.get(`/apis/vteam.ambient-code/v1alpha1/agenticsessions?${query}`);
    expect(names(body)).toEqual(['z']);
  });

  it.each([
    'fieldSelector=spec.displayName=red',
    'fieldSelector=nonsense',
    'labelSelector=a=b=c',
    'labelSelector=a in b',
    'labelSelector=a in (b',
    'labelSelector=two words',
    'labelSelector=team=plat*',
    'labelSelector=team=é',
    'labelSelector=,',
    'labelSelector=team=platform,',
    'labelSelector=team>a',
    'labelSelector=team>99999999999999999999',
    'labelSelector=-team=x',
    'labelSelector=a/b/c=d',
    'labelSelector=a..b/c=d',
    'labelSelector=!a=b',
    'labelSelector=a in (b c)',
    `labelSelector=a=${'x'.repeat(64)}`,
    'fieldSelector=metadata.name=a=b',
    'fieldSelector=metadata.name=a\\b',
  ])('%s is 400', async (query) => {
    const body = await list(query);
    expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(await list(`watch=true&${query}`)).toEqual(body);
  });

  it.each([
    [
      'labelSelector=two words',
      "unable to parse requirement: found 'words', expected: in, notin, =, ==, !=, gt, lt",
    ],
    ['labelSelector=a,', "found '', expected: identifier after ','"],
    ['fieldSelector=spec.displayName=red', 'field label not supported: spec.displayName'],
  ])('%s says what is wrong', async (query, message) => {
    expect((await list(query)).message).toBe(message);
  });

  it('compare integers', async () => {
    const labels = { size: '12' };
    await cluster.admin.create(another.sessions, session('sized', { metadata: { name: 'sized', labels } }));
    const sized = async (selector: string) =>
      names((await cluster.admin.get(`${another.sessions}?labelSelector=${selector}`)).body);
    expect(await sized('size%3E9')).toEqual(['sized']);
    expect(await sized('size%3C12')).toEqual([]);
    await cluster.admin.delete(`${another.sessions}/sized`);
  });

  it.each([
    ['pods', 'spec.restartPolicy=Never,spec.schedulerName!=x,spec.hostNetwork=false,status.podIP='],
    ['events', 'involvedObject.apiVersion=v1,involvedObject.fieldPath=,reportingComponent=x,source=y'],
    ['secrets', 'type=Opaque'],
    ['configmaps', 'metadata.name=x,metadata.namespace=y'],
  ])('of %s have the fields %s', async (resource, fields) => {
    const path = `${project.core(resource)}?fieldSelector=${fields}`;
    expect((await cluster.admin.get(path)).status).toBe(200);
    expect((await cluster.admin.get(`${path},data.x=1`)).status).toBe(400);
  });

  it('events are selected by the object that they are about', async () => {
    const event = (name: string, uid: string) => ({
      metadata: { name },
      involvedObject: { kind: 'Pod', namespace: project.name, name: 'p', uid },
      reason: 'Started',
    });
    await cluster.admin.create(project.core('events'), event('one', 'uid-one'));
    await cluster.admin.create(project.core('events'), event('two', 'uid-two'));
    const { body } = await cluster.admin.get(
      `${project.core('events')}?fieldSelector=involvedObject.uid=uid-one`,
    );
    expect(names(body)).toEqual(['one']);
  });
});

describe('pages', () => {
  it('lead through the list, and all but the last say what remains', async () => {
    const first = await list('limit=2');
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.metadata.remainingItemCount).toBe(3);
    const second = await list(`limit=2&continue=${first.metadata.continue}`);
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.metadata.remainingItemCount).toBe(1);
    const last = await list(`limit=2&continue=${second.metadata.continue}`);
    expect(names(last)).toEqual(['e']);
    expect(last.metadata.continue || undefined).toBeUndefined();
    expect(last.metadata.remainingItemCount).toBeUndefined();
  });

  it('under a selector do not say what remains', async () => {
    const first = await list('limit=2&labelSelector=env=prod');
    expect(names(first)).toEqual(['a', 'c']);
    expect(first.metadata.continue).toBeTruthy();
    expect(first.metadata.remainingItemCount).toBeUndefined();
    const last = await list(`limit=2&labelSelector=env=prod&continue=${first.metadata.continue}`);
    expect(names(last)).toEqual(['d']);
  });

  it('show all the revision of the first', async () => {
    const first = await list('limit=4');
    const added = session('f');
    await cluster.admin.create(project.sessions, added);
    await cluster.admin.patch(`${project.sessions}/e`, { spec: { displayName: 'late' } });
    const rest = await list(`continue=${first.metadata.continue}`);
    expect(names(rest)).toEqual(['e']);
    expect(rest.items[0].spec).toBeUndefined();
    expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    await cluster.admin.delete(`${project.sessions}/f`);
  });

  it('of a token that is none, or a limit that is none, are 400', async () => {
    expect(await list('continue=garbage')).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(await list('limit=many')).toMatchObject({ code: 400, reason: 'BadRequest' });
  });
});

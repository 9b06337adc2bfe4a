import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { WatchEvent } from '../support/kubernetes-client.ts';
import { session } from '../support/objects.ts';
import { contractCluster, type Project } from './fixture.ts';

const cluster = contractCluster();
const project = cluster.project();

const seen = (events: WatchEvent[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`);
const create = (name: string, { sessions }: Project = project) =>
  cluster.admin.create(sessions, session(name));
const patch = (name: string, body: object) => cluster.admin.patch(`${project.sessions}/${name}`, body);
const remove = (name: string) => cluster.admin.delete(`${project.sessions}/${name}`);
const now = async (path = project.sessions): Promise<string> =>
  (await cluster.admin.get(path)).body.metadata.resourceVersion;

describe('a watch', () => {
  it('from a resourceVersion tells what came after it, in order, and goes on live', async () => {
    const since = await now();
    await create('one');
    const watching = cluster.admin.until(
      `${project.sessions}?watch=true&resourceVersion=${since}`,
      ({ type }) => type === 'DELETED',
    );
    await patch('one', { spec: { displayName: 'x' } });
    await cluster.admin.delete(`${project.sessions}/one`);
    const events = await watching;
    expect(seen(events)).toEqual(['ADDED one', 'MODIFIED one', 'DELETED one']);
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(versions[0]).toBeGreaterThan(Number(since));
    expect(events.at(-1)?.object.spec.displayName).toBe('x');
  });

  it('without one begins with what is there', async () => {
    const own = await cluster.newProject();
    await create('present', own);
    const [event] = await cluster.admin.until(`${own.sessions}?watch=true`, () => true);
    expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'present' } } });
  });

  it('of a namespace sees no other, of all sees each', async () => {
    const another = await cluster.newProject();
    const all = '/apis/vteam.ambient-code/v1alpha1/agenticsessions';
    const query = `?watch=true&resourceVersion=${await now(all)}`;
    const isLast = ({ object }: WatchEvent) => object.metadata.name === 'here';
    const one = cluster.admin.until(project.sessions + query, isLast);
    const both = cluster.admin.until(all + query, isLast);
    await create('there', another);
    await create('here');
    expect(seen(await one)).toEqual(['ADDED here']);
    const ours = (await both).filter(({ object }) =>
      [project.name, another.name].includes(object.metadata.namespace),
    );
    expect(seen(ours)).toEqual(['ADDED there', 'ADDED here']);
  });

  it('of one object by name', async () => {
    const query = `?watch=true&resourceVersion=${await now()}&fieldSelector=metadata.name=chosen`;
    const watching = cluster.admin.until(project.sessions + query, () => true);
    await create('not-chosen');
    await create('chosen');
    expect(seen(await watching)).toEqual(['ADDED chosen']);
  });

  it('of one object by name tells its deletion, and another object of the name', async () => {
    const query = `?watch=true&resourceVersion=${await now()}&fieldSelector=metadata.name=reborn`;
    const [first, second] = [await create('reborn'), await remove('reborn').then(() => create('reborn'))];
    const events = await cluster.admin.until(
      project.sessions + query,
      ({ object }) => object.metadata.uid === second.metadata.uid,
    );
    expect(seen(events)).toEqual(['ADDED reborn', 'DELETED reborn', 'ADDED reborn']);
    expect(events.map(({ object }) => object.metadata.uid)).toEqual(
      [first, first, second].map(({ metadata }) => metadata.uid),
    );
  });

  it('has a version for each event, a deletion too, at which a list shows it', async () => {
    const since = await now();
    const { metadata } = await create('counted');
    await remove('counted');
    const after = await now();
    const path = `${project.sessions}?watch=true&resourceVersion=${since}`;
    const events = await cluster.admin.until(path, ({ type }) => type === 'DELETED');
    const [added, deleted] = events.map(({ object }) => BigInt(object.metadata.resourceVersion));
    expect(added).toBe(BigInt(metadata.resourceVersion));
    expect(deleted).toBeGreaterThan(added ?? 0n);
    expect(BigInt(after)).toBeGreaterThanOrEqual(deleted ?? 0n);
  });

  it('from a version that is kept repeats the same events', async () => {
    const since = await now();
    await create('repeated');
    await patch('repeated', { spec: { displayName: 'x' } });
    await remove('repeated');
    const path = `${project.sessions}?watch=true&resourceVersion=${since}`;
    const read = () => cluster.admin.until(path, ({ type }) => type === 'DELETED');
    const [first, again] = [await read(), await read()];
    expect(seen(first)).toEqual(['ADDED repeated', 'MODIFIED repeated', 'DELETED repeated']);
    expect(again).toEqual(first);
  });

  it('from the version of the first page of a list tells what has changed since, though a later page was read', async () => {
    await create('page-a');
    await create('page-b');
    const first = (await cluster.admin.get(`${project.sessions}?limit=1`)).body;
    await create('since-the-first-page');
    const second = (
      await cluster.admin.get(`${project.sessions}?limit=1&continue=${first.metadata.continue}`)
    ).body;
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const path = `${project.sessions}?watch=true&resourceVersion=${second.metadata.resourceVersion}`;
    expect(seen(await cluster.admin.until(path, () => true))).toEqual(['ADDED since-the-first-page']);
  });

  it('needs the right to watch, and of all namespaces in the whole cluster', async () => {
    const watching = (who: 'mallory' | 'victor', path: string) =>
      cluster.as(who).get(`${path}?watch=true&timeoutSeconds=1`);
    expect((await watching('mallory', project.sessions)).status).toBe(403);
    const all = '/apis/vteam.ambient-code/v1alpha1/agenticsessions';
    expect((await watching('victor', all)).status).toBe(403);
    await create('visible');
    const [event] = await cluster.as('victor').until(`${project.sessions}?watch=true`, () => true);
    expect(event?.type).toBe('ADDED');
  });

  it('ends after timeoutSeconds', async () => {
    const query = `?watch=true&timeoutSeconds=1&resourceVersion=${await now()}`;
    expect(await cluster.admin.until(project.sessions + query, () => false)).toEqual([]);
  });
});

it('a watch from a resourceVersion that is too old is told so by an ERROR event, and ends', async () => {
  const events = await cluster.admin.until(`${project.sessions}?watch=true&resourceVersion=1`, () => false);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    type: 'ERROR',
    object: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired' },
  });
  expect(events[0]?.object.message).toMatch(/^too old resource version: 1 \(\d+\)$/);
});

it('an object that enters a selection is ADDED and one that leaves it is DELETED', async () => {
  const query = `?watch=true&labelSelector=on=yes&resourceVersion=${await now()}`;
  const watching = cluster.admin.until(project.sessions + query, ({ type }) => type === 'DELETED');
  await create('switched');
  await patch('switched', { metadata: { labels: { on: 'yes' } } });
  await patch('switched', { spec: { displayName: 'x' } });
  await patch('switched', { metadata: { labels: { on: null } } });
  const events = await watching;
  expect(seen(events)).toEqual(['ADDED switched', 'MODIFIED switched', 'DELETED switched']);
  // In the state in which it was selected last, with the version of the change by which it left.
  const { metadata } = (await cluster.admin.get(`${project.sessions}/switched`)).body;
  expect(events.at(-1)?.object.metadata).toMatchObject({
    labels: { on: 'yes' },
    resourceVersion: metadata.resourceVersion,
  });
});

describe('bookmarks', () => {
  const asked = (since: string, more = '') =>
    `${project.sessions}?watch=true&timeoutSeconds=4&resourceVersion=${since}${more}`;

  it('come before the timeout to those who ask, with a resourceVersion to go on from', async () => {
    // Kubernetes guarantees none: a busy API server may miss the moment, and it sends none that is not newer than what
    // the watch began with. So the object is created while the watch goes on.
    const since = await eventually(async () => {
      const query = asked(await now(), '&allowWatchBookmarks=true');
      const watching = cluster.admin.until(query, ({ type }) => type === 'BOOKMARK');
      const { metadata } = await create(`before-the-bookmark-${randomUUID()}`);
      const bookmark = (await watching).at(-1);
      expect(bookmark).toMatchObject({ type: 'BOOKMARK', object: { kind: 'AgenticSession' } });
      const version = bookmark?.object.metadata.resourceVersion;
      expect(Number(version)).toBeGreaterThanOrEqual(Number(metadata.resourceVersion));
      return version;
    });
    const rest = cluster.admin.until(`${project.sessions}?watch=true&resourceVersion=${since}`, () => true);
    await create('after-the-bookmark');
    expect(seen(await rest)).toEqual(['ADDED after-the-bookmark']);
  });

  it('come to nobody else', async () => {
    expect(await cluster.admin.until(asked(await now()), () => false)).toEqual([]);
  });
});

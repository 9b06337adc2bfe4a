import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Client, core, type WatchEvent } from './client.ts';

let sandbox: Sandbox;
let admin: Client;
const maps = core('configmaps');
const create = (name: string, labels = {}) => admin.post(maps, { metadata: { name, labels } });
const seen = (events: WatchEvent[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`);

beforeAll(async () => {
  sandbox = await startSandbox({ runner: false, history: 20, bookmarkMs: 20, demo: false });
  admin = new Client(sandbox).as(sandbox.identities.admin);
});
afterAll(() => sandbox.close());

test('a watch resumes after a resourceVersion and goes on live', async () => {
  const { body: list } = await admin.get(maps);
  await create('one');
  const watching = admin.until(
    `${maps}?watch=true&resourceVersion=${list.metadata.resourceVersion}`,
    ({ type }) => type === 'DELETED',
  );
  await admin.patch(`${maps}/one`, { data: { a: 'b' } });
  await admin.delete(`${maps}/one`);
  const events = await watching;
  expect(seen(events)).toEqual(['ADDED one', 'MODIFIED one', 'DELETED one']);
  const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});

test('a watch without resourceVersion begins with what is there', async () => {
  await create('present');
  const [event] = await admin.until(`${maps}?watch=true`, () => true);
  expect(event).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'present' } } });
});

test('objects enter and leave a selection as ADDED and DELETED', async () => {
  const { body: list } = await admin.get(maps);
  const query = `watch=true&labelSelector=on=yes&resourceVersion=${list.metadata.resourceVersion}`;
  const watching = admin.until(`${maps}?${query}`, ({ type }) => type === 'DELETED');
  await create('switched');
  await admin.patch(`${maps}/switched`, { metadata: { labels: { on: 'yes' } } });
  await admin.patch(`${maps}/switched`, { data: { a: 'b' } });
  await admin.patch(`${maps}/switched`, { metadata: { labels: { on: null } } });
  expect(seen(await watching)).toEqual(['ADDED switched', 'MODIFIED switched', 'DELETED switched']);
});

test('a watch of a namespace sees no other, a watch of all sees each', async () => {
  const { body: list } = await admin.get(maps);
  const query = `watch=true&resourceVersion=${list.metadata.resourceVersion}`;
  const one = admin.until(`${maps}?${query}`, ({ object }) => object.metadata.name === 'here');
  const all = admin.until(`/api/v1/configmaps?${query}`, ({ object }) => object.metadata.name === 'here');
  await admin.post(core('configmaps', 'research'), { metadata: { name: 'there' } });
  await create('here');
  expect(seen(await one)).toEqual(['ADDED here']);
  expect(seen(await all)).toEqual(['ADDED there', 'ADDED here']);
});

test('bookmarks come to those who ask for them', async () => {
  const events = await admin.until(
    `${maps}?watch=true&allowWatchBookmarks=true&resourceVersion=${(await admin.get(maps)).body.metadata.resourceVersion}`,
    ({ type }) => type === 'BOOKMARK',
  );
  const { body } = await admin.get(maps);
  expect(events[0]?.object).toMatchObject({
    kind: 'ConfigMap',
    metadata: { resourceVersion: body.metadata.resourceVersion },
  });
});

test('a watch ends after timeoutSeconds', async () => {
  const { body } = await admin.get(maps);
  const query = `watch=true&timeoutSeconds=1&resourceVersion=${body.metadata.resourceVersion}`;
  expect(await admin.until(`${maps}?${query}`, () => false)).toEqual([]);
});

test('a watch from too long ago is told 410 in an ERROR event', async () => {
  for (let i = 0; i < 50; i += 1) await admin.patch(`${maps}/present`, { data: { i: String(i) } });
  const events = await admin.until(`${maps}?watch=true&resourceVersion=3`, () => false);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    type: 'ERROR',
    object: { kind: 'Status', code: 410, reason: 'Expired' },
  });
});

test('a watch needs the right to watch', async () => {
  const { status } = await admin.as(sandbox.identities.mallory).get(`${maps}?watch=true`);
  expect(status).toBe(403);
});

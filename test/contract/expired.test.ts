import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { session } from '../support/objects.ts';
import { expireHistory } from './expire-history.ts';
import { contractCluster, names } from './fixture.ts';

const cluster = contractCluster({ history: 20 });
const project = cluster.project();
beforeAll(async () => {
  for (const name of ['a', 'b', 'c', 'd']) await cluster.admin.create(project.sessions, session(name));
});

it('a continue token that is too old is 410, with a token for the rest as it is now', async ({ skip }) => {
  const first = (await cluster.admin.get(`${project.sessions}?limit=2`)).body;
  await cluster.admin.create(project.sessions, session('bb'));
  await cluster.admin.create(project.sessions, session('e'));
  await cluster.admin.delete(`${project.sessions}/d`);
  const why = await expireHistory(cluster, project);
  if (why) skip(why);
  const body = await eventually(async () => {
    const late = await cluster.admin.get(`${project.sessions}?limit=2&continue=${first.metadata.continue}`);
    expect(late.status).toBe(410);
    return late.body;
  });
  expect(body).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 });
  expect(body.message).toContain('The provided continue parameter is too old');
  expect(names(first)).toEqual(['a', 'b']);
  const second = (await cluster.admin.get(`${project.sessions}?limit=2&continue=${body.metadata.continue}`))
    .body;
  expect(names(second)).toEqual(['bb', 'c']);
  const last = (await cluster.admin.get(`${project.sessions}?limit=2&continue=${second.metadata.continue}`))
    .body;
  expect(names(last)).toEqual(['e']);
});

it('a watch from a version that is too old is 410', async ({ skip }) => {
  const since = (await cluster.admin.get(project.sessions)).body.metadata.resourceVersion;
  await cluster.admin.create(project.sessions, session('expires'));
  const why = await expireHistory(cluster, project);
  if (why) skip(why);
  const path = `${project.sessions}?watch=true&resourceVersion=`;
  // The real one may keep events of its own for longer than etcd does.
  const [event] = await cluster.admin.until(`${path}${since}`, () => true);
  const { object } = event ?? {};
  expect(event?.type === 'ADDED' ? object.metadata.name : object.code).toBeOneOf(['expires', 410]);
  if (cluster.name === 'sandbox') expect(object.code).toBe(410);
});

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/graphql/context.ts';
import { selectionOf } from '../../src/graphql/session/selection.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { cursorsUnder, mountKey, newKey } from '../support/key-file.ts';
import { putProject, putSessions } from '../support/put-objects.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { type Answer, startWritOn, type WritOptions } from '../support/writ.ts';

const PAGE = `query ($after: String) {
  project(name: "listed") { sessions(first: 1, after: $after) { edges { cursor node { name } } } }
}`;
const PROJECTS = 'query ($after: String) { projects(first: 1, after: $after) { edges { cursor } } }';
const REFUSED = { code: 'BAD_USER_INPUT', fields: [{ path: 'after' }] };

/** An API server waits for a revision that it does not have yet. */
const FUTURE = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 9e15, start: '/a\0' })).toString(
  'base64url',
);
const selection = selectionOf('listed', null, null, null, {} as Context);
const position = { continue: FUTURE, index: -1, key: [''] };

describe('a cursor that Writ did not make', () => {
  const cluster = startTestCluster({ demo: false });
  const key = newKey();
  const mounted = mountKey({ key });
  const environment = { WRIT_KEY_FILE: mounted.file };
  const writ = startWritOn(cluster, { environment });

  beforeAll(async () => {
    await putProject(writ.kubernetes('admin'), 'listed');
    await putSessions(writ.kubernetes('admin'), 'listed', ['a', 'b', 'c']);
  });

  const content = [FUTURE, -1, ['']];
  const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const digest = (of: unknown) =>
    createHash('sha256')
      .update(JSON.stringify([content, of]))
      .digest('base64url')
      .slice(0, 22);

  it.each([
    ['of a position alone', base64url(content)],
    ['with a digest, which needs no key', base64url([...content, digest(selection)])],
    [
      'with an empty code',
      Buffer.concat([Buffer.alloc(16), Buffer.from(JSON.stringify(content))]).toString('base64url'),
    ],
    ['that ends in its code', Buffer.alloc(16).toString('base64url')],
    ['under a key of the user', cursorsUnder(newKey(), 'victor').encode(position, selection)],
    ['for another user', cursorsUnder(key, 'alice').encode(position, selection)],
    ['for another list', cursorsUnder(key, 'victor').encode(position, { ...selection, namespace: 'other' })],
  ])('%s reaches no list of the cluster', async (_, after) => {
    const { result, requests } = await writ.requestsDuring(() => writ.as('victor', PAGE, { after }));
    expect(result.errors).toMatchObject([{ path: ['project', 'sessions'], extensions: REFUSED }]);
    expect(requests.filter(({ resource }) => resource === 'agenticsessions')).toEqual([]);
  });

  it('makes no call at all for the list of projects', async () => {
    await writ.as('mallory', PROJECTS);
    const own = { field: 'projects', search: '' };
    const after = base64url([...content, digest(own)]);
    const { result, requests } = await writ.requestsDuring(() => writ.as('mallory', PROJECTS, { after }));
    expect(result.errors).toMatchObject([{ extensions: REFUSED }]);
    expect(requests.filter(({ resource }) => resource !== 'selfsubjectreviews')).toEqual([]);
  });

  const cursorOf = (answer: Answer) => answer.data.project.sessions.edges[0].cursor;
  const namesOf = (answer: Answer) =>
    answer.data.project.sessions?.edges.map(({ node }: { node: { name: string } }) => node.name);
  const start = (options: WritOptions) => inTest((_, hooks) => startWritOn(cluster, options, hooks));

  it('is accepted if another replica with the same key made it, and refused without a shared key', async () => {
    const after = cursorOf(await writ.as('victor', PAGE));
    const replica = await start({ environment });
    expect(namesOf(await replica.as('victor', PAGE, { after }))).toEqual(['b']);
    const alone = await start({});
    expect((await alone.as('victor', PAGE, { after })).errors).toMatchObject([{ extensions: REFUSED }]);
    expect(alone.log.text()).toContain('WRIT_KEY_FILE is not set');
    expect(writ.log.text()).not.toContain('WRIT_KEY_FILE is not set');
  });

  it('goes on under the previous key, and ends with it, without a restart', async () => {
    const [first, second] = [newKey(), newKey()];
    const rotated = await inTest((_, hooks) => mountKey({ key: first }, hooks));
    const own = await start({ environment: { WRIT_KEY_FILE: rotated.file } });
    const changes = () => own.log.lines().filter(({ msg }) => msg === 'keys changed').length;
    const after = cursorOf(await own.as('victor', PAGE));

    rotated.write({ key: second, previous: first });
    await eventually(() => expect(changes()).toBe(1));
    expect(namesOf(await own.as('victor', PAGE, { after }))).toEqual(['b']);
    const later = cursorOf(await own.as('victor', PAGE));
    expect(later).not.toBe(after);

    rotated.write({ key: second });
    await eventually(() => expect(changes()).toBe(2));
    expect((await own.as('victor', PAGE, { after })).errors).toMatchObject([{ extensions: REFUSED }]);
    expect(namesOf(await own.as('victor', PAGE, { after: later }))).toEqual(['b']);
    for (const key of [first, second]) expect(own.log.text()).not.toContain(key);
  });
});

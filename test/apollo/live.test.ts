import { Subject } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, createClient } from '../../examples/apollo/client.ts';
import { codesOf } from '../../examples/apollo/errors.ts';
import { followSessions } from '../../examples/apollo/live.ts';
import { READ_SESSION, SESSION_EVENTS } from '../../examples/apollo/operations.ts';
import { RBAC, SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { bind, putProject, putSession } from '../support/put-objects.ts';
import { startRelay } from '../support/relay.ts';
import { failOnWarnings, requestsDuring, watchList } from './fixture.ts';

const PATIENT = { timeout: 60_000, interval: 5 };

describe.each(['websocket', 'event-stream'] as const)(
  'a list that is kept current, over %s',
  (subscriptions) => {
    const writ = startProxiedWrit({
      sandbox: { demo: false },
      environment: { WRIT_USER_SUBSCRIPTIONS: '3' },
      subscriptions: { access: { everyMs: 20, confirmMs: 20, patienceMs: 60_000 } },
    });
    const admin = writ.kubernetes('admin');
    failOnWarnings();

    async function live(sessions: string[], first?: number, options: Partial<ClientOptions> = {}) {
      const list = await watchList(writ, sessions, first, { subscriptions, ...options });
      const pageRead = new Subject<void>();
      const events: string[] = [];
      const ended = { error: undefined as unknown };
      const following = followSessions(list.client, list.project, pageRead).subscribe({
        next: (batch) =>
          events.push(...batch.events.map(({ type, session }) => `${type} ${session?.name ?? ''}`.trim())),
        error: (error) => {
          ended.error = error;
        },
      });
      onTestFinished(() => following.unsubscribe());
      return {
        ...list,
        events,
        following,
        ended,
        async readPage() {
          await list.readPage();
          pageRead.next();
        },
        rename: (name: string, displayName: string) =>
          admin.patch(`${SESSIONS(list.project)}/${name}`, { spec: { displayName } }),
        remove: (name: string) => admin.delete(`${SESSIONS(list.project)}/${name}`),
      };
    }
    async function relay() {
      const started = await startRelay(writ.url);
      onTestFinished(() => started.close());
      return started;
    }

    it('shows what others create, change and delete, without a snapshot and without a request', async () => {
      const { client, project, names, nodes, connection, rename, remove, events } = await live(['a', 'c']);
      await client.query({ query: READ_SESSION, variables: { project, name: 'c' } });
      const requests = await requestsDuring(async () => {
        await putSession(admin, project, 'b');
        await expect.poll(names, PATIENT).toEqual(['a', 'b', 'c']);
        await rename('c', 'Renamed');
        await expect.poll(() => nodes()?.at(-1)?.displayName, PATIENT).toBe('Renamed');
        await remove('a');
        await expect.poll(names, PATIENT).toEqual(['b', 'c']);
      });
      expect(connection()?.totalCount).toBe(2);
      const read = client.readQuery({ query: READ_SESSION, variables: { project, name: 'c' } });
      expect(read?.session?.displayName).toBe('Renamed');
      expect(events).toEqual(['ADDED b', 'MODIFIED c', 'DELETED a']);
      // An event stream is one.
      expect(requests).toBeLessThanOrEqual(subscriptions === 'websocket' ? 0 : 1);
    });

    it('applies what has changed meanwhile to pages that are read later', async () => {
      const { names, nodes, connection, rename, remove, readPage, events } = await live(
        ['a', 'c', 'e', 'g'],
        2,
      );
      await rename('e', 'Renamed');
      await remove('g');
      await rename('a', 'Renamed too');
      await expect.poll(() => events.length, PATIENT).toBe(3);
      while (connection()?.pageInfo.hasNextPage) await readPage();
      await expect.poll(names, PATIENT).toEqual(['a', 'c', 'e']);
      expect(nodes()?.map(({ displayName }) => displayName)).toEqual(['Renamed too', null, 'Renamed']);
      expect(connection()?.totalCount).toBe(3);
    });

    it('goes on where it was after a lost connection: nothing is lost, and nothing comes twice', async () => {
      const { url, cut, refuse } = await relay();
      const list = await live(['a', 'b'], undefined, { uri: url });
      const { names, rename, remove, project, events } = list;
      await rename('a', 'one');
      await expect.poll(() => events.length, PATIENT).toBe(1);
      refuse(true);
      cut();
      await rename('a', 'two');
      await remove('b');
      await putSession(admin, project, 'c');
      refuse(false);
      await expect.poll(names, PATIENT).toEqual(['a', 'c']);
      await expect.poll(() => list.nodes()?.[0]?.displayName, PATIENT).toBe('two');
      expect(events).toEqual(['MODIFIED a', 'MODIFIED a', 'DELETED b', 'ADDED c']);
    });

    it('is replaced by a snapshot if the cluster no longer has the changes', async () => {
      const { url, cut, refuse } = await relay();
      const { client, project, names, remove, events } = await live(['a', 'b'], 1, { uri: url });
      await putSession(admin, project, 'c');
      await expect.poll(() => events, PATIENT).toEqual(['ADDED c']);
      refuse(true);
      cut();
      await remove('a');
      // Every watch from a version, until the snapshot.
      const isOld = (path: string) => path.includes('watch=true') && events.length === 1;
      writ.proxy.set(({ path }, forward) => (isOld(path) ? expired() : forward()));
      refuse(false);
      await expect.poll(() => events.at(-1), PATIENT).toBe('SYNCED');
      await expect.poll(names, PATIENT).toEqual(['b', 'c']);
      expect(
        Object.keys(client.extract() as object).filter((key) => key.startsWith('AgenticSession:')).length,
      ).toBe(2);
    });

    it('gets a new token when the cluster refuses the old one', async () => {
      const asked: boolean[] = [];
      const { client, project, names, events } = await live(['a'], undefined, {
        getToken(isRefused) {
          asked.push(isRefused);
          return asked.length < 3 && !isRefused
            ? writ.sandbox.identities.admin.token
            : writ.sandbox.identities.alice.token;
        },
      });
      await putSession(admin, project, 'b');
      await expect.poll(names, PATIENT).toEqual(['a', 'b']);
      const isOld = (authorization: string) => authorization.includes(writ.sandbox.identities.admin.token);
      writ.proxy.set(({ authorization }, forward) => (isOld(authorization) ? unauthorized() : forward()));
      await putSession(admin, project, 'c').catch(() => {});
      await expect.poll(() => asked.includes(true), PATIENT).toBe(true);
      await expect.poll(names, PATIENT).toContain('c');
      expect(events.filter((event) => event === 'RESET')).toEqual([]);
      expect(client).toBeDefined();
    });

    it('fails with FORBIDDEN when the permission is taken away', async () => {
      await putProject(admin, 'shared');
      await bind(admin, 'shared', 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
      const getToken = () => writ.sandbox.identities.mallory.token;
      const client = createClient({ uri: writ.url, getToken, subscriptions });
      onTestFinished(() => client.stop());
      const ended = Promise.withResolvers<unknown>();
      const seen: string[] = [];
      followSessions(client, 'shared').subscribe({
        next: ({ events }) => seen.push(...events.map(({ type }) => type)),
        error: ended.resolve,
      });
      await expect.poll(() => seen, PATIENT).toEqual(['RESET', 'SYNCED']);
      const { items } = (await admin.get(RBAC('shared', 'rolebindings'))).body;
      for (const { metadata, subjects } of items) {
        if (subjects[0].name === 'mallory')
          await admin.delete(`${RBAC('shared', 'rolebindings')}/${metadata.name}`);
      }
      expect(codesOf(await ended.promise)).toEqual(['FORBIDDEN']);
    });

    it('fails with TOO_MANY_REQUESTS beyond the limit of the user', async () => {
      const { client, project } = await live([]);
      const errors: unknown[] = [];
      for (let n = 0; n < 4; n += 1) {
        const following = client
          .subscribe({
            query: SESSION_EVENTS,
            variables: { project },
            errorPolicy: 'all',
            context: { queryDeduplication: false },
          })
          .subscribe({
            next: ({ error }) => error && errors.push(...codesOf(error)),
            error: (error) => errors.push(...codesOf(error)),
          });
        onTestFinished(() => following.unsubscribe());
      }
      await expect.poll(() => errors, PATIENT).toEqual(['TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS']);
    });
  },
);

function expired() {
  const object = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: 410,
    reason: 'Expired',
    message: 'too old',
  };
  return { status: 200, body: `${JSON.stringify({ type: 'ERROR', object })}\n` };
}

function unauthorized() {
  return {
    status: 401,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: 401,
      reason: 'Unauthorized',
      message: 'Unauthorized',
    },
  };
}

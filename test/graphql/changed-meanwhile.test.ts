import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ProxiedRequest, status } from '../support/cluster-proxy.ts';
import { JOBS, SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { updateSessionMutation } from '../support/session-operations.ts';
import { codeOf } from '../support/writ.ts';

const UPDATE = updateSessionMutation('displayName initialPrompt');
const mutate = (name: string) => `mutation ($project: String!, $name: String!) {
  ${name}(project: $project, name: $name) { session { phase } }
}`;
const REQUESTED = 'ambient-code.io';
const STARTED = {
  [`${REQUESTED}/desired-phase`]: 'Running',
  [`${REQUESTED}/start-requested-at`]: '2026-01-01T00:00:00.000Z',
};

describe('a session that changes between being read and being written', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'changing';
  beforeAll(() => putProject(admin, project));
  let name = '';
  let count = 0;
  beforeEach(async () => {
    count += 1;
    name = `session-${count}`;
    await putSession(admin, project, name, { spec: {}, status: { phase: 'Pending' } });
  });

  const path = () => `${SESSIONS(project)}/${name}`;
  const stored = async () => (await admin.get(path())).body;
  const start = () => writ.as('alice', mutate('startSession'), { project, name });
  const stop = () => writ.as('alice', mutate('stopSession'), { project, name });
  const update = (input: object) => writ.as('alice', UPDATE, { input: { project, name, ...input } });
  const report = (fields: object) => admin.patch(`${path()}/status`, { status: fields });
  const annotate = (annotations: object) => admin.patch(path(), { metadata: { annotations } });
  const isWrite = ({ method, path: asked }: ProxiedRequest) =>
    method === 'PATCH' && asked.startsWith(`${path()}?`);

  /** Right before each write of the session reaches the cluster. The result counts the writes. */
  function beforeWrites(change: (nth: number) => Promise<unknown>) {
    const writes = { count: 0 };
    writ.proxy.set(async (request, forward) => {
      if (isWrite(request)) {
        writes.count += 1;
        await change(writes.count);
      }
      return forward();
    });
    return writes;
  }
  const jobsOf = async () => {
    const { uid } = (await stored()).metadata;
    const { body } = await admin.get(JOBS(project));
    return body.items.filter((job: { metadata: { name: string } }) => job.metadata.name.includes(uid));
  };

  const others: [string, () => Promise<unknown>][] = [
    ['its status', () => report({ lastActivityTime: new Date().toISOString() })],
    ['an annotation of others', () => annotate({ 'example.org/seen': String(Math.random()) })],
    ['another field of its spec', () => admin.patch(path(), { spec: { displayName: 'By others' } })],
  ];

  it.each(others)('by %s is started, updated and stopped at the first attempt', async (_, change) => {
    // The first annotation of a session changes its structure.
    await annotate({ 'example.org/seen': 'at first' });
    const writes = beforeWrites(change);
    expect((await update({ initialPrompt: 'Do it' })).errors).toBeUndefined();
    expect((await start()).errors).toBeUndefined();
    expect((await stop()).errors).toBeUndefined();
    expect(writes.count).toBe(3);
  });

  it('by a start is not started again', async () => {
    beforeWrites((nth) => (nth === 1 ? annotate(STARTED) : Promise.resolve()));
    expect(codeOf(await start())).toBe('CONFLICT');
    expect((await stored()).metadata.annotations).toMatchObject(STARTED);
    expect(await jobsOf()).toEqual([]);
  });

  it('by a start is stopped all the same, with the new run', async () => {
    await start();
    const writes = beforeWrites((nth) => (nth === 1 ? annotate(STARTED) : Promise.resolve()));
    const { data } = await stop();
    expect(data.stopSession.session.phase).toBe('STOPPING');
    expect(writes.count).toBe(2);
    const { annotations } = (await stored()).metadata;
    expect(annotations[`${REQUESTED}/desired-phase`]).toBe('Stopped');
    for (const { metadata } of await jobsOf()) expect(metadata.deletionTimestamp).toBeDefined();
  });

  it('by a start is not updated in what the run depends on, but renamed', async () => {
    beforeWrites((nth) => (nth === 1 ? annotate(STARTED) : Promise.resolve()));
    expect(codeOf(await update({ initialPrompt: 'Too late' }))).toBe('CONFLICT');
    await annotate({ [`${REQUESTED}/desired-phase`]: 'Stopped' });
    beforeWrites((nth) => (nth === 1 ? annotate(STARTED) : Promise.resolve()));
    expect((await update({ displayName: 'In time' })).data.updateSession.session).toEqual({
      displayName: 'In time',
      initialPrompt: null,
    });
  });

  it('into a phase that allows no update is not updated', async () => {
    beforeWrites(() => report({ phase: 'Running' }));
    const { errors } = await update({ initialPrompt: 'Too late' });
    expect(errors).toMatchObject([
      { message: expect.stringContaining('RUNNING'), extensions: { code: 'CONFLICT' } },
    ]);
    expect((await stored()).spec.initialPrompt).toBeUndefined();
  });

  it('is not updated in another version than the one that was given', async () => {
    const { resourceVersion } = (await stored()).metadata;
    beforeWrites(() => report({ lastActivityTime: new Date().toISOString() }));
    expect(codeOf(await update({ resourceVersion, displayName: 'After' }))).toBe('CONFLICT');
    expect((await stored()).spec.displayName).toBeUndefined();
  });

  it.each(['startSession', 'stopSession', 'updateSession'])(
    'into another one of its name is not written: %s',
    async (mutation) => {
      beforeWrites(async (nth) => {
        if (nth > 1) return;
        await admin.delete(path());
        await putSession(admin, project, name, { spec: {}, status: { phase: 'Pending' } });
      });
      const answers = {
        startSession: start,
        stopSession: stop,
        updateSession: () => update({ displayName: 'x' }),
      };
      expect(codeOf(await answers[mutation as keyof typeof answers]())).toBe('CONFLICT');
      const { metadata, spec } = await stored();
      expect([metadata.annotations, spec.displayName]).toEqual([undefined, undefined]);
    },
  );

  it('at each attempt is a CONFLICT in the end', async () => {
    const writes = beforeWrites((nth) => annotate({ [`${REQUESTED}/stop-requested-at`]: `${nth}` }));
    expect(codeOf(await stop())).toBe('CONFLICT');
    expect(writes.count).toBe(5);
  });

  it('or not: a write that is rejected for another reason is not repeated', async () => {
    const rejected = { count: 0 };
    writ.proxy.set((request, forward) => {
      if (!isWrite(request)) return forward();
      rejected.count += 1;
      return status(422, 'Invalid');
    });
    expect(codeOf(await start())).toBe('BAD_USER_INPUT');
    expect(codeOf(await update({ displayName: 'x' }))).toBe('BAD_USER_INPUT');
    expect(rejected.count).toBe(2);
  });
});

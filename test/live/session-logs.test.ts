import { PassThrough } from 'node:stream';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PATIENT } from '../attack/availability/held-calls.ts';
import type { EventStream } from '../support/event-stream.ts';
import { CORE, containerStatuses, controlledBy, JOBS, POD_SPEC, RBAC, SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { allow, putJob, putPod, putProject, putSession, putStatus } from '../support/put-objects.ts';
import type { Who } from '../support/test-cluster.ts';

const LOGS = `subscription ($name: String!, $tailLines: Int, $container: String, $sinceTime: DateTime) {
  sessionLogs(project: "p", name: $name, tailLines: $tailLines, container: $container, sinceTime: $sinceTime) {
    skipped lines { text timestamp pod container }
  }
}`;
const OPEN: EventStream[] = [];
const RUNNING = { phase: 'Running', ...containerStatuses({ running: {} }) };
const TERMINATED = { phase: 'Succeeded', ...containerStatuses({ terminated: { exitCode: 0 } }) };

describe('the followed logs of a session', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_USER_WATCHES: '6', WRIT_USER_SUBSCRIPTIONS: '3' },
    subscriptions: { access: { everyMs: 20, confirmMs: 20, patienceMs: 60_000 } },
  });
  const admin = writ.kubernetes('admin');
  beforeAll(() => putProject(admin, 'p'));

  /** What each pod has printed, and the requests that follow it. */
  const printed = new Map<string, string[]>();
  const followers = new Map<string, PassThrough>();
  const terminated = new Set<string>();
  const asked: URLSearchParams[] = [];
  function answerLogs() {
    asked.length = 0;
    writ.proxy.set(async ({ path }, forward) => {
      const url = new URL(path, 'https://cluster');
      const [, pod = ''] = /\/pods\/([^/]+)\/log$/.exec(url.pathname) ?? [];
      if (pod === '') return forward();
      asked.push(url.searchParams);
      const body = new PassThrough();
      for (const line of printed.get(pod) ?? []) body.write(`${line}\n`);
      if (terminated.has(pod)) body.end();
      followers.set(pod, body);
      body.once('close', () => followers.delete(pod));
      return { status: 200, body };
    });
  }
  afterEach(async () => {
    for (const stream of OPEN.splice(0)) stream.close();
    for (const follower of followers.values()) follower.end();
    await expect.poll(() => writ.memory.reserved, PATIENT).toBe(0);
  });

  async function follow(who: Who, name: string, variables: object = {}) {
    const stream = await writ.subscribe(who, LOGS, { name, ...variables });
    OPEN.push(stream);
    return stream;
  }
  /** The texts of so many lines. */
  async function texts(stream: EventStream, count: number) {
    const lines: string[] = [];
    while (lines.length < count) {
      const { data, errors } = await stream.next();
      if (errors) throw new Error(JSON.stringify(errors));
      lines.push(...data.sessionLogs.lines.map(({ text }: { text: string }) => text));
    }
    return lines;
  }
  /** A run of the session with one pod, which prints. */
  async function putRun(session: Awaited<ReturnType<typeof putSession>>, number = 1) {
    const name = `session-${session.metadata.uid}-${number}`;
    const job = await putJob(admin, session, { name });
    const pod = await putPod(admin, job, { status: RUNNING });
    return {
      job,
      pod: pod.metadata.name,
      print(text: string, time = new Date().toISOString()) {
        const line = `${time} ${text}`;
        printed.set(pod.metadata.name, [...(printed.get(pod.metadata.name) ?? []), line]);
        followers.get(pod.metadata.name)?.write(`${line}\n`);
      },
      async terminate() {
        await putStatus(admin, `${CORE('p', 'pods')}/${pod.metadata.name}`, TERMINATED);
        terminated.add(pod.metadata.name);
        followers.get(pod.metadata.name)?.end();
      },
    };
  }
  const setPhase = (name: string, status: object) =>
    putStatus(admin, `${SESSIONS('p')}/${name}`, { ...status });

  it('go from run to run, wait for the first, and complete when the last has ended', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'whole', { status: { phase: 'Pending' } });
    const before = writ.proxy.seen.length;
    const stream = await follow('victor', 'whole');
    const first = await putRun(session);
    first.print('one');
    expect(await texts(stream, 1)).toEqual(['one']);
    await first.terminate();
    const second = await putRun(session, 2);
    second.print('two');
    expect(await texts(stream, 1)).toEqual(['two']);
    second.print('three', '2026-01-02T10:00:00.123456789Z');
    expect((await stream.next()).data.sessionLogs).toEqual({
      skipped: 0,
      lines: [
        { text: 'three', timestamp: '2026-01-02T10:00:00.123456789Z', pod: second.pod, container: 'runner' },
      ],
    });
    await second.terminate();
    await setPhase('whole', { phase: 'Completed', completionTime: new Date().toISOString() });
    await expect(stream.next()).rejects.toThrow('the stream has ended');
    const callers = writ.proxy.seen.slice(before).map(({ authorization }) => authorization);
    expect(new Set(callers)).toEqual(new Set([`Bearer ${writ.sandbox.identities.victor.token}`]));
  });

  it('are those of a pod that the session controls without a Job, and of no other with its label', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'operated', { status: { phase: 'Running' } });
    const labels = { 'agentic-session': 'operated' };
    const metadata = (name: string) => ({ name, labels, ...controlledBy(session) });
    const path = CORE('p', 'pods');
    await admin.create(path, { metadata: { name: 'a-stranger', labels }, spec: POD_SPEC });
    await admin.create(path, { metadata: metadata('theirs'), spec: POD_SPEC });
    printed.set('theirs', [`${new Date().toISOString()} of their run`]);
    for (const name of ['a-stranger', 'theirs']) await putStatus(admin, `${path}/${name}`, RUNNING);
    const stream = await follow('victor', 'operated');
    const { lines } = (await stream.next()).data.sessionLogs;
    expect(lines).toMatchObject([{ text: 'of their run', pod: 'theirs' }]);
    expect([...followers.keys()]).toEqual(['theirs']);
  });

  it('are those of the last run of an ended session, and complete at once', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'ended', {
      status: { phase: 'Completed', completionTime: '2026-01-01T00:00:00Z' },
    });
    const run = await putRun(session);
    for (const text of ['a', 'b', 'c']) run.print(text);
    await run.terminate();
    const stream = await follow('victor', 'ended', { tailLines: 2 });
    // As many as the cluster sends.
    expect(await texts(stream, 3)).toEqual(['a', 'b', 'c']);
    expect(asked.map((query) => query.get('tailLines'))).toContain('2');
    await expect(stream.next()).rejects.toThrow('the stream has ended');
  });

  it('wait for the run of a session that was started again', async () => {
    answerLogs();
    const annotations = {
      'ambient-code.io/desired-phase': 'Running',
      'ambient-code.io/start-requested-at': '2026-01-01T00:00:01.000Z',
    };
    const session = await putSession(admin, 'p', 'again', {
      metadata: { annotations },
      status: { phase: 'Completed', completionTime: '2026-01-01T00:00:00Z' },
    });
    const stream = await follow('victor', 'again');
    const run = await putRun(session);
    run.print('new');
    expect(await texts(stream, 1)).toEqual(['new']);
  });

  it('begin at a time, if one is given', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'since');
    const run = await putRun(session);
    run.print('before', '2026-01-02T10:00:00.100000000Z');
    run.print('at', '2026-01-02T10:00:00.200000000Z');
    const stream = await follow('victor', 'since', { sinceTime: '2026-01-02T10:00:00.200Z' });
    expect(await texts(stream, 1)).toEqual(['at']);
    expect(asked.map((query) => [query.get('sinceTime'), query.get('tailLines')])).toEqual([
      ['2026-01-02T10:00:00.200Z', null],
    ]);
  });

  it('are not those of a pod that has only the label of the session', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'labelled');
    const other = await putSession(admin, 'p', 'other');
    const labels = { 'ambient-code.io/session-uid': session.metadata.uid };
    const forged = await putPod(admin, await putJob(admin, other, { labels }), { status: RUNNING });
    printed.set(forged.metadata.name, [`${new Date().toISOString()} forged`]);
    const run = await putRun(session);
    run.print('own');
    const stream = await follow('victor', 'labelled');
    expect(await texts(stream, 1)).toEqual(['own']);
    await admin.delete(`${JOBS('p')}/session-${other.metadata.uid}-1`);
  });

  it('complete when the session is deleted', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'deleted');
    const run = await putRun(session);
    run.print('line');
    const stream = await follow('victor', 'deleted');
    expect(await texts(stream, 1)).toEqual(['line']);
    await run.terminate();
    await admin.delete(`${SESSIONS('p')}/deleted`);
    await expect(stream.next()).rejects.toThrow('the stream has ended');
  });

  it('of a session that does not exist are NOT_FOUND', async () => {
    expect((await (await follow('victor', 'nothing')).next()).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND', project: 'p', name: 'nothing' } },
    ]);
  });

  it.each([-1, 5_001])('refuse tailLines: %i', async (tailLines) => {
    expect((await (await follow('victor', 'since', { tailLines })).next()).errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [{ path: 'tailLines', message: 'must be from 0 to 5000' }],
        },
      },
    ]);
  });

  it('refuse a container that the pod does not have', async () => {
    answerLogs();
    expect((await (await follow('victor', 'since', { container: 'no' })).next()).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'container' }] } },
    ]);
  });

  it('are FORBIDDEN for who may not read logs, and end when that is taken away', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'secret');
    const run = await putRun(session);
    run.print('before');
    expect((await (await follow('mallory', 'secret')).next()).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    const watching = [
      { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list'] },
    ];
    await allow(admin, 'p', 'mallory', watching);
    const mayNot = { code: 'FORBIDDEN', verb: 'get', resource: 'pods', subresource: 'log' };
    writ.proxy.set((_, forward) => forward());
    expect((await (await follow('mallory', 'secret')).next()).errors).toMatchObject([{ extensions: mayNot }]);

    answerLogs();
    const reading = [{ apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }];
    await allow(admin, 'p', 'mallory', reading);
    const stream = await follow('mallory', 'secret');
    expect(await texts(stream, 1)).toEqual(['before']);
    const roles = (await admin.get(RBAC('p', 'roles'))).body.items;
    const role = roles.find(({ rules }: { rules: typeof reading }) => rules[0]?.resources[0] === 'pods/log');
    const bindings = (await admin.get(RBAC('p', 'rolebindings'))).body.items;
    const binding = bindings.find(
      ({ roleRef }: { roleRef: { name: string } }) => roleRef.name === role.metadata.name,
    );
    await admin.delete(`${RBAC('p', 'rolebindings')}/${binding.metadata.name}`);
    const { data, errors } = await stream.next();
    run.print('after');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: mayNot }]);
    await expect(stream.next()).rejects.toThrow('ended');
  });

  it('count towards the subscriptions and connections of the user, and free them when the client leaves', async () => {
    answerLogs();
    const session = await putSession(admin, 'p', 'counted');
    const run = await putRun(session);
    run.print('line');
    for (let round = 0; round < 3; round += 1) {
      const streams = [await follow('victor', 'counted'), await follow('victor', 'counted')];
      for (const stream of streams) expect(await texts(stream, 1)).toEqual(['line']);
      const others = [await follow('victor', 'counted'), await follow('victor', 'counted')];
      await texts(others[0] as EventStream, 1);
      expect((await others[1]?.next())?.errors).toMatchObject([
        { extensions: { code: 'TOO_MANY_REQUESTS' } },
      ]);
      for (const stream of OPEN.splice(0)) stream.close();
      await expect.poll(() => writ.memory.reserved, PATIENT).toBe(0);
      await expect.poll(() => followers.size, PATIENT).toBe(0);
    }
  });
});

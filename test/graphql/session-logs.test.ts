import { beforeAll, describe, expect, it } from 'vitest';
import { status } from '../support/cluster-proxy.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putJob, putPod, putProject, putSession } from '../support/put-objects.ts';

const LOGS = `query ($name: String!, $tailLines: Int, $container: String) {
  session(project: "printing", name: $name) { name logs(tailLines: $tailLines, container: $container) }
}`;

const running = (...names: string[]) => ({
  phase: 'Running',
  containerStatuses: names.map((name) => ({ name, ready: true, restartCount: 0, state: { running: {} } })),
});

describe('the logs of a session', () => {
  const writ = startProxiedWrit();
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'printing');
    const make = async (name: string, pod: Parameters<typeof putPod>[2] | null) => {
      const session = await putSession(admin, 'printing', name);
      if (pod) await putPod(admin, await putJob(admin, session), pod);
    };
    const two = {
      initContainers: [{ name: 'clone', image: 'i' }],
      containers: [
        { name: 'sidecar', image: 'i' },
        { name: 'runner', image: 'i' },
      ],
    };
    const annotations = { 'kubectl.kubernetes.io/default-container': 'runner' };
    await make('fresh', null);
    await make('pending', {});
    await make('one', { status: running('runner') });
    await make('two', { spec: two, status: running('sidecar', 'runner') });
    await make('defaulted', { metadata: { annotations }, spec: two, status: running('sidecar', 'runner') });
    await make('waiting', {
      status: { ...running(), containerStatuses: [{ name: 'runner', state: { waiting: {} } }] },
    });
  });

  /** What the cluster was asked for. */
  function answerLogs(text = 'a line\n'): URLSearchParams[] {
    const asked: URLSearchParams[] = [];
    writ.proxy.set(async ({ path }, forward) => {
      const url = new URL(path, 'https://cluster');
      if (!url.pathname.endsWith('/log')) return forward();
      asked.push(url.searchParams);
      const reply = await forward();
      // Of a pod without a node a real cluster answers nothing.
      return reply.status < 300 ? { status: 200, body: text } : reply;
    });
    return asked;
  }

  it('are the last 200 lines of the pod, and at most 1 MiB', async () => {
    const asked = answerLogs('one\ntwo\n');
    const { data } = await writ.as('victor', LOGS, { name: 'one' });
    expect(data.session.logs).toBe('one\ntwo\n');
    expect(asked.map((query) => Object.fromEntries(query))).toEqual([
      { container: 'runner', tailLines: '200', limitBytes: '1048576' },
    ]);
  });

  it('are as many lines as are asked for', async () => {
    const asked = answerLogs();
    for (const tailLines of [1, 5_000, null]) await writ.as('victor', LOGS, { name: 'one', tailLines });
    expect(asked.map((query) => query.get('tailLines'))).toEqual(['1', '5000', '200']);
  });

  it('are the newest lines, also if the last ones are longer than a log may be', async () => {
    const lines = [
      ...Array.from({ length: 300 }, (_, n) => `${n} ${'x'.repeat(n < 250 ? 10_000 : 40_000)}`),
      'the last line',
    ];
    const asked: number[] = [];
    // As a kubelet does it: first the last lines, of these the first bytes.
    writ.proxy.set(async ({ path }, forward) => {
      const url = new URL(path, 'https://cluster');
      if (!url.pathname.endsWith('/log')) return forward();
      const count = Number(url.searchParams.get('tailLines'));
      asked.push(count);
      const body = `${lines.slice(-count).join('\n')}\n`.slice(0, Number(url.searchParams.get('limitBytes')));
      return { status: 200, headers: { 'content-type': 'text/plain' }, body };
    });
    const { data } = await writ.as('victor', LOGS, { name: 'one' });
    const shown = data.session.logs.trimEnd().split('\n');
    expect(shown).toEqual(lines.slice(-shown.length));
    expect(shown.length).toBeGreaterThan(10);
    expect(asked.length).toBeLessThan(6);
  });

  it('are the beginning of a single line that is longer than a log may be', async () => {
    answerLogs('x'.repeat(1_048_576));
    const { data } = await writ.as('victor', LOGS, { name: 'one' });
    expect(data.session.logs).toHaveLength(1_048_576);
  });

  it.each([0, -5, 5_001])('refuse tailLines: %i', async (tailLines) => {
    const { data, errors } = await writ.as('victor', LOGS, { name: 'one', tailLines });
    expect(data.session).toEqual({ name: 'one', logs: null });
    expect(errors).toMatchObject([
      {
        path: ['session', 'logs'],
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [{ path: 'tailLines', message: 'must be from 1 to 5000' }],
        },
      },
    ]);
  });

  it.each(['fresh', 'pending', 'waiting'])('null: of a session that is %s', async (name) => {
    const { data, errors } = await writ.as('victor', LOGS, { name });
    expect(errors).toBeUndefined();
    expect(data.session).toEqual({ name, logs: null });
  });

  it('null: of a pod that went away meanwhile', async () => {
    writ.proxy.set(({ path }, forward) => (path.includes('/log') ? status(404, 'NotFound') : forward()));
    const { data, errors } = await writ.as('victor', LOGS, { name: 'one' });
    expect([data.session.logs, errors]).toEqual([null, undefined]);
  });

  it.each([
    ['two', null, 'sidecar'],
    ['two', 'runner', 'runner'],
    ['defaulted', null, 'runner'],
    ['defaulted', 'sidecar', 'sidecar'],
  ])('are of one container: of pod %s, asked for %s: %s', async (name, container, expected) => {
    const asked = answerLogs();
    const { data, errors } = await writ.as('victor', LOGS, { name, container });
    expect(errors).toBeUndefined();
    expect(data.session.logs).toBe('a line\n');
    expect(asked.map((query) => query.get('container'))).toEqual([expected]);
  });

  it.each(['ghost', '', '..', 'a b'])(
    'refuse the container %j, which the pod does not have',
    async (container) => {
      const { errors } = await writ.as('victor', LOGS, { name: 'two', container });
      expect(errors).toMatchObject([
        {
          path: ['session', 'logs'],
          extensions: {
            code: 'BAD_USER_INPUT',
            fields: [{ path: 'container', message: 'must be one of sidecar, runner, clone' }],
          },
        },
      ]);
    },
  );

  describe('of one of several runs', () => {
    const QUERY = `query ($pod: String, $run: Int, $sinceTime: DateTime, $previous: Boolean, $timestamps: Boolean) {
      session(project: "printing", name: "restarted") {
        logs(pod: $pod, run: $run, sinceTime: $sinceTime, previous: $previous, timestamps: $timestamps)
      }
    }`;
    const pods: string[] = [];

    beforeAll(async () => {
      const session = await putSession(admin, 'printing', 'restarted');
      for (const run of [1, 2, 10]) {
        const job = await putJob(admin, session, { name: `session-${session.metadata.uid}-${run}` });
        if (run === 10) continue;
        pods.push((await putPod(admin, job, { status: running('runner') })).metadata.name);
      }
      const other = await putJob(admin, await putSession(admin, 'printing', 'someone-else'));
      pods.push((await putPod(admin, other, { status: running('runner') })).metadata.name);
    });

    /** Which pods' logs were read, and with which options beside the usual ones. */
    async function read(variables: object) {
      const asked: { pod: string | undefined; options: object }[] = [];
      writ.proxy.set(({ path }, forward) => {
        const url = new URL(path, 'https://cluster');
        if (!url.pathname.endsWith('/log')) return forward();
        const { container, tailLines, limitBytes, ...options } = Object.fromEntries(url.searchParams);
        expect([container, tailLines, limitBytes]).toEqual(['runner', '200', '1048576']);
        asked.push({ pod: url.pathname.split('/').at(-2), options });
        if (options.previous) return status(400, 'BadRequest');
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'a line\n' };
      });
      const { data, errors } = await writ.as('victor', QUERY, variables);
      return { logs: data?.session?.logs, fields: errors?.[0]?.extensions.fields, asked };
    }

    it('are those of the newest pod, of the newest pod of a run, or of a pod', async () => {
      const logs = 'a line\n';
      const [first, second] = pods;
      for (const [variables, pod] of [
        [{}, second],
        [{ run: 2 }, second],
        [{ run: 1 }, first],
        [{ pod: first }, first],
        [{ run: 1, pod: first }, first],
      ] as const)
        expect(await read(variables)).toMatchObject({ logs, asked: [{ pod, options: {} }] });
    });

    it.each([3, 10])('are null if run %i has no pod', async (run) => {
      expect(await read({ run })).toEqual({ logs: null, fields: undefined, asked: [] });
    });

    it('refuse what is no run, and no pod of the session or of the run', async () => {
      expect(await read({ run: 0 })).toMatchObject({
        fields: [{ path: 'run', message: 'must be at least 1' }],
        asked: [],
      });
      const [first, second, other] = pods;
      for (const pod of [other, '', '..', 'ghost'])
        expect(await read({ pod })).toMatchObject({
          logs: null,
          fields: [{ path: 'pod', message: `must be one of ${second}, ${first}` }],
          asked: [],
        });
      expect((await read({ pod: first, run: 2 })).fields).toEqual([
        { path: 'pod', message: `must be one of ${second}` },
      ]);
      expect((await read({ pod: first, run: 10 })).fields).toEqual([
        { path: 'pod', message: 'is not known: there is no pod' },
      ]);
    });

    it('begin at a time, and have the times of their lines', async () => {
      const sinceTime = '2026-01-01T00:00:00.5Z';
      expect((await read({ sinceTime, timestamps: true })).asked).toMatchObject([
        { options: { sinceTime, timestamps: 'true' } },
      ]);
      const { fields, asked } = await read({ sinceTime: 'yesterday' });
      expect([fields, asked]).toEqual([[expect.objectContaining({ path: 'sinceTime' })], []]);
    });

    it('are those of the container before its restart, and null if it was not restarted', async () => {
      expect(await read({ previous: true })).toMatchObject({
        logs: null,
        fields: undefined,
        asked: [{ options: { previous: 'true' } }],
      });
    });
  });
});

import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { Forbidden } from '../../src/errors.ts';
import { KubernetesError } from '../../src/kubernetes/kubernetes-error.ts';
import { LOG_LIMITS } from '../../src/live/log-follower.ts';
import { type Rule, status } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { cutAfter, PODS_PATH, startLogs } from './log-fixture.ts';

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `${from + index}`);
const isLog = (path: string) => path.includes('/log?');

describe("a session's logs", () => {
  const logs = startLogs();
  afterEach(() => logs.proxy.clear());

  /** A rule for followed logs alone. */
  const onLog = (rule: Rule) =>
    logs.proxy.set((request, forward) => (isLog(request.path) ? rule(request, forward) : forward()));
  const queriesOf = (name: string) =>
    logs.proxy.seen
      .filter(({ path }) => path.startsWith(`${PODS_PATH}/${name}/log?`))
      .map(({ path }) => Object.fromEntries(new URL(path, 'https://cluster').searchParams));

  it('begin with the last lines of the newest pod, go on, and end with the run', async () => {
    const old = await logs.putPod('whole', 1);
    old.print('of an earlier run');
    await old.terminate();
    const pod = await logs.putPod('whole', 2);
    for (const text of numbers(5)) pod.print(text);
    const { texts, lines, done, memory } = logs.follow('whole', { start: { tailLines: 2 } });
    await eventually(() => expect(texts).toEqual(['3', '4']));
    pod.print('5', '2126-01-02T10:00:00.123456789Z');
    await eventually(() => expect(texts).toEqual(['3', '4', '5']));
    expect(lines[2]).toEqual({
      text: '5',
      timestamp: '2126-01-02T10:00:00.123456789Z',
      pod: 'whole-2',
      container: 'runner',
    });
    await pod.terminate();
    logs.endSession('whole');
    await done;
    expect(texts).toEqual(['3', '4', '5']);
    expect(queriesOf('whole-1')).toEqual([]);
    expect(queriesOf('whole-2')[0]).toEqual({
      follow: 'true',
      timestamps: 'true',
      container: 'runner',
      tailLines: '2',
    });
    expect(memory.reserved).toBe(0);
  });

  it('wait for a pod, and for its container to start', async () => {
    const { texts, done } = logs.follow('late');
    const pod = await logs.putPod('late', 1, null);
    await eventually(() => expect(queriesOf('late-1').length).toBeGreaterThan(1));
    await pod.setState({ waiting: { reason: 'ContainerCreating' } });
    await pod.setState({ running: {} });
    pod.print('started');
    await eventually(() => expect(texts).toEqual(['started']));
    await pod.terminate();
    logs.endSession('late');
    await done;
  });

  it('end where a run ended before its container started', async () => {
    await logs.putPod('never', 1, { waiting: { reason: 'ImagePullBackOff' } });
    const { texts, done } = logs.follow('never');
    logs.endSession('never');
    await done;
    expect(texts).toEqual([]);
    logs.endSession('none');
    await logs.follow('none').done;
  });

  it('go on with the next pod when one ends, and when one is deleted', async () => {
    const first = await logs.putPod('chain', 1);
    for (const text of numbers(3)) first.print(text);
    const { texts, done } = logs.follow('chain', { start: { tailLines: 1 } });
    await eventually(() => expect(texts).toEqual(['2']));
    await first.terminate();
    const second = await logs.putPod('chain', 2);
    for (const text of numbers(3, 10)) second.print(text);
    await eventually(() => expect(texts).toEqual(['2', '10', '11', '12']));
    await second.delete();
    const third = await logs.putPod('chain', 3);
    third.print('20');
    await eventually(() => expect(texts.at(-1)).toBe('20'));
    await third.terminate();
    logs.endSession('chain');
    await done;
    expect(texts).toEqual(['2', '10', '11', '12', '20']);
  });

  it('leave a pod that prints nothing more although it was replaced', async () => {
    await logs.putPod('lost', 1);
    const { texts, ends, done } = logs.follow('lost', { timings: { replacedMs: 50 } });
    await eventually(() => expect(queriesOf('lost-1')).toHaveLength(1));
    (await logs.putPod('lost', 2)).print('replaced');
    await eventually(() => expect(texts).toEqual(['replaced']));
    ends.abort();
    await done;
  });

  it('begin at a time: with all pods that have printed since then', async () => {
    const [, before, second, third] = [0, 1, 2, 3].map((hour) => `2026-01-02T1${hour}:00:00.500000000Z`);
    const finished = (finishedAt: string) => ({ terminated: { exitCode: 0, finishedAt } });
    const pods = [];
    for (const [index, time] of [before, second, third].entries()) {
      const pod = await logs.putPod('since', index + 1);
      pod.print('early', time?.replace('.5', '.3'));
      pod.print(`at ${time?.slice(11, 13)}`, time);
      pods.push(pod);
    }
    await pods[0]?.setState(finished('2026-01-02T11:00:01Z'));
    await pods[1]?.setState(finished('2026-01-02T12:00:01Z'));
    await pods[2]?.terminate();
    logs.endSession('since');
    const { texts, done } = logs.follow('since', { start: { sinceTime: '2026-01-02T12:00:00.5Z' } });
    await done;
    expect(texts).toEqual(['at 12', 'early', 'at 13']);
    expect(queriesOf('since-1')).toEqual([]);
  });

  it('have no gap and no line twice however often their connection is cut, within lines too', async () => {
    const pod = await logs.putPod('cut', 1);
    let cuts = 0;
    onLog(async (_, forward) => {
      const reply = await forward();
      cuts += 1;
      return { ...reply, body: Readable.from(cutAfter(reply.body as Readable, 800 + cuts * 97)) };
    });
    const { texts, read, ends, done } = logs.follow('cut', { start: { tailLines: 200 } });
    await eventually(() => expect(cuts).toBeGreaterThan(0));
    for (let count = 0; count < 300; count += 1) {
      // Ten lines have the same time, and a second has 40 lines.
      const second = String(Math.floor(count / 40)).padStart(2, '0');
      const fraction = String(Math.floor((count % 40) / 10)).padEnd(9, '0');
      pod.print(`${count}`, `2026-01-02T10:00:${second}.${fraction}Z`);
      if (count % 25 === 0) await eventually(() => expect(texts.length).toBeGreaterThan(count - 20));
    }
    logs.proxy.clear();
    await eventually(() => expect(texts).toHaveLength(300));
    expect(texts).toEqual(numbers(300));
    expect(read.skipped).toBe(0);
    expect(cuts).toBeGreaterThan(5);
    ends.abort();
    await done;
  });

  it('are not complete where the API server ends them before the container has ended', async () => {
    const pod = await logs.putPod('early', 1);
    const unfinished = 'half of a line is not a line';
    pod.print(unfinished, '2026-01-02T10:00:00.000000000Z');
    let answers = 0;
    onLog(async (_, forward) => {
      const reply = await forward();
      answers += 1;
      if (answers > 3) return reply;
      for await (const chunk of reply.body as Readable) {
        return { ...reply, body: (chunk as Buffer).subarray(0, 40).toString() };
      }
      throw new Error('no chunk');
    });
    const { texts, done } = logs.follow('early');
    await eventually(() => expect(texts).toEqual([unfinished]));
    pod.print('after');
    await eventually(() => expect(texts).toEqual([unfinished, 'after']));
    await pod.terminate();
    logs.endSession('early');
    await done;
  });

  it('include the last line of a container that did not end it', async () => {
    const pod = await logs.putPod('open', 1);
    pod.print('complete');
    await pod.terminate();
    logs.endSession('open');
    onLog(async (_, forward) => {
      const reply = await forward();
      const chunks = await (reply.body as Readable).toArray();
      return { ...reply, body: `${Buffer.concat(chunks)}2126-01-02T10:00:01.000000000Z not ended` };
    });
    const { texts, done } = logs.follow('open');
    await done;
    expect(texts).toEqual(['complete', 'not ended']);
  });

  it('are opened again where nothing has come for a while: the connection may be half open', async () => {
    const pod = await logs.putPod('idle', 1);
    let answers = 0;
    onLog((_, forward) => {
      answers += 1;
      return answers > 1
        ? forward()
        : { status: 200, headers: { 'content-type': 'text/plain' }, body: new Readable({ read() {} }) };
    });
    const { texts, ends, done } = logs.follow('idle', { timings: { idleMs: 50 } });
    await eventually(() => expect(answers).toBe(1));
    pod.print('still here');
    await eventually(() => expect(texts).toEqual(['still here']));
    ends.abort();
    await done;
  });

  it.each([429, 500, 503])('are retried after %i', async (code) => {
    const pod = await logs.putPod(`retried${code}`, 1);
    pod.print('line');
    let answers = 0;
    onLog((_, forward) => {
      answers += 1;
      return answers < 4 ? status(code, 'InternalError') : forward();
    });
    const { texts, ends, done } = logs.follow(`retried${code}`);
    await eventually(() => expect(texts).toEqual(['line']));
    ends.abort();
    await done;
  });

  it('fail when they could not be opened for too long', async () => {
    await logs.putPod('broken', 1);
    onLog(() => status(500, 'InternalError'));
    const { done } = logs.follow('broken', { timings: { patienceMs: 30 } });
    await expect(done).rejects.toMatchObject({ statusCode: 500 });
  });

  it.each([401, 403])('end where the cluster refuses them with %i', async (code) => {
    await logs.putPod(`refused${code}`, 1);
    onLog(() => status(code, 'Forbidden'));
    const { done, memory } = logs.follow(`refused${code}`);
    const error = await done.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KubernetesError);
    expect((error as KubernetesError).toWritError()).toMatchObject({
      code: code === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN',
    });
    expect(memory.reserved).toBe(0);
  });

  it('fail with the error of the source of pods', async () => {
    await logs.putPod('sourceless', 1);
    async function* runs() {
      yield { pods: [], hasEnded: false };
      throw new Forbidden('You may not watch pods');
    }
    await expect(logs.follow('sourceless', { runs }).done).rejects.toThrow('You may not watch pods');
  });

  it('end with the reason of the signal, and without one when the client has gone', async () => {
    await logs.putPod('denied', 1);
    const denied = logs.follow('denied');
    denied.ends.abort(new Forbidden('You may no longer read logs'));
    await expect(denied.done).rejects.toThrow('You may no longer read logs');
    const gone = logs.follow('denied');
    await eventually(() => expect(queriesOf('denied-1').length).toBeGreaterThan(0));
    gone.ends.abort();
    await gone.done;
    expect([denied.memory.reserved, gone.memory.reserved]).toEqual([0, 0]);
  });

  it('are of the container that is asked for, which the pod must have', async () => {
    const containers = ['sidecar', 'runner'].map((name) => ({ name, image: 'i' }));
    const pod = await logs.putPod('two', 1, { running: {} }, { containers });
    pod.print('from the runner');
    const { lines, ends, done } = logs.follow('two', { container: 'runner' });
    await eventually(() => expect(lines).toMatchObject([{ text: 'from the runner', container: 'runner' }]));
    ends.abort();
    await done;
    await expect(logs.follow('two', { container: 'ghost' }).done).rejects.toMatchObject({
      fields: [{ path: 'container', message: 'must be one of sidecar, runner' }],
    });
  });

  it('drop the oldest lines where they are printed faster than they are read', async () => {
    const pod = await logs.putPod('fast', 1);
    await pod.terminate();
    for (const text of numbers(1_000)) pod.print(text);
    logs.endSession('fast');
    const limits = { ...LOG_LIMITS, waitMs: 1, queueLines: 50 };
    const { texts, read, done, memory } = logs.follow('fast', { limits, start: {} });
    await done;
    expect(texts.length + read.skipped).toBe(1_000);
    expect(read.skipped).toBeGreaterThan(0);
    expect(texts.slice(-50)).toEqual(numbers(50, 950));
    expect(memory.reserved).toBe(0);
  });
});

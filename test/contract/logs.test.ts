import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { KubernetesClient } from '../support/kubernetes-client.ts';
import { CORE, containerStatuses, POD_SPEC } from '../support/objects.ts';
import { putStatus } from '../support/put-objects.ts';

/**
 * The log of a pod that runs. On the real control plane kwok is the kubelet: it has the kubelet's code for reading logs, but
 * one file for all pods, and does not know when a container ends. So that a followed log ends with its container, and what a
 * container without a status answers, is tested on the sandbox alone.
 */
function runningPod() {
  const real = inject('cluster');
  const sandbox = real
    ? undefined
    : started(
        DESCRIBE,
        () => startSandbox({ runner: false }),
        ({ close }) => close(),
      );
  const cluster = () => real ?? (sandbox as NonNullable<typeof sandbox>)();
  const path = `${CORE('demo', 'pods')}/printing`;
  let admin: KubernetesClient;
  let uid = '';
  let before = '';

  beforeAll(async () => {
    admin = new KubernetesClient(cluster(), cluster().identities.admin.token);
    const spec = { ...POD_SPEC, initContainers: [{ name: 'clone', image: 'example/clone' }] };
    const pod = await admin.create(CORE('demo', 'pods'), { metadata: { name: 'printing' }, spec });
    uid = pod.metadata.uid;
    if (real) {
      before = readFileSync(real.podLog, 'utf8');
      writeFileSync(real.podLog, '');
      await eventually(async () => expect((await admin.get(path)).body.status.phase).toBe('Running'));
    } else await putStatus(admin, path, { phase: 'Running', ...containerStatuses({ running: {} }) });
  });
  afterAll(async () => {
    await admin.delete(path);
    await admin.close();
    if (real) writeFileSync(real.podLog, before);
  });

  return {
    print(time: string, text: string) {
      if (real) appendFileSync(real.podLog, `${time} stdout F ${text}\n`);
      else sandbox?.().logs.append(uid, 'runner', text, time);
    },
    log: (query: string) => admin.get(`${path}/log?${query}`),
    lines: (query: string, signal: AbortSignal) => admin.lines(`${path}/log?${query}`, signal),
  };
}

describe("a pod's log", () => {
  const pod = runningPod();
  const first = '2026-01-02T10:00:00.250000001Z';
  const second = '2026-01-02T10:00:00.750000000Z';
  const third = '2026-01-02T10:00:01.000000000Z';

  beforeAll(() => {
    pod.print(first, 'one');
    pod.print(second, '');
    pod.print(third, 'three');
  });

  it('has the time of each line before it if timestamps are requested, with nine digits', async () => {
    expect((await pod.log('timestamps=true')).body).toBe(`${first} one\n${second} \n${third} three\n`);
    expect((await pod.log('timestamps=false')).body).toBe('one\n\nthree\n');
  });

  it('begins at sinceTime, of which fractions of a second are ignored', async () => {
    const since = async (time: string) => (await pod.log(`sinceTime=${encodeURIComponent(time)}`)).body;
    expect(await since('2026-01-02T10:00:00Z')).toBe('one\n\nthree\n');
    expect(await since('2026-01-02T10:00:00.999Z')).toBe('one\n\nthree\n');
    expect(await since('2026-01-02T12:00:01+02:00')).toBe('three\n');
    expect(await since('2026-01-02T10:00:02Z')).toBe('');
  });

  it('has at most tailLines lines, and of these only those since sinceTime', async () => {
    expect((await pod.log('tailLines=2')).body).toBe('\nthree\n');
    expect((await pod.log('tailLines=0')).body).toBe('');
    expect((await pod.log('tailLines=2&sinceTime=2026-01-02T10:00:01Z')).body).toBe('three\n');
  });

  it('is cut off after limitBytes, in which the times count', async () => {
    expect((await pod.log('limitBytes=2')).body).toBe('on');
    expect((await pod.log('limitBytes=33&timestamps=true')).body).toBe(`${first} on`);
  });

  it.each([
    ['tailLines=-1', 422, ['tailLines']],
    ['limitBytes=0', 422, ['limitBytes']],
    ['sinceSeconds=0', 422, ['sinceSeconds']],
    ['tailLines=-1&limitBytes=-1', 422, ['tailLines', 'limitBytes']],
    ['tailLines=some', 400, undefined],
    ['sinceTime=yesterday', 400, undefined],
  ])('is refused for %s: %i', async (query, code, fields) => {
    const { status, body } = await pod.log(query);
    expect([status, body.details?.causes?.map(({ field }: { field: string }) => field)]).toEqual([
      code,
      fields,
    ]);
  });

  it('takes one of sinceTime and sinceSeconds', async () => {
    const { status, body } = await pod.log('sinceSeconds=1&sinceTime=2026-01-02T10:00:01Z');
    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain('at most one of `sinceTime` or `sinceSeconds` may be specified');
  });

  it('goes on with new lines if it is followed', async () => {
    const ends = new AbortController();
    const followed = pod.lines('follow=true&timestamps=true&tailLines=1', ends.signal);
    const next = async () => (await followed.next()).value;
    expect(await next()).toBe(`${third} three`);
    const time = '2026-01-02T10:00:02.000000000Z';
    pod.print(time, 'four');
    expect(await next()).toBe(`${time} four`);
    ends.abort();
  });
});

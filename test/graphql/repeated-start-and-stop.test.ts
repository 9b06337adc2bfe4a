import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JOBS, SESSIONS } from '../support/objects.ts';
import { finishJob, putJob, putProject, putSession } from '../support/put-objects.ts';
import { updateSessionMutation } from '../support/session-operations.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const START =
  'mutation ($name: String!) { startSession(project: "repeated", name: $name) { session { phase } } }';
const STOP =
  'mutation ($name: String!) { stopSession(project: "repeated", name: $name) { session { phase } } }';
const UPDATE = updateSessionMutation('displayName');

const DESIRED = 'ambient-code.io/desired-phase';
const STARTED_AT = 'ambient-code.io/start-requested-at';
const STOPPED_AT = 'ambient-code.io/stop-requested-at';
const ALL_PHASES = ['Pending', 'Creating', 'Running', 'Stopping', 'Stopped', 'Completed', 'Failed'];
const ENDED = ['Stopping', 'Stopped', 'Completed', 'Failed'];

describe.each(['job', 'operator'] as const)('with WRIT_RUNNER=%s, a session', (mode) => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_RUNNER: mode } });
  const admin = writ.kubernetes('admin');
  const project = 'repeated';
  beforeAll(() => putProject(admin, project));
  let name = '';
  let count = 0;
  beforeEach(() => {
    count += 1;
    name = `s-${count}`;
  });
  const as = (query: string, who: 'alice' | 'victor' = 'alice') => writ.as(who, query, { name });
  const stored = async () => (await admin.get(`${SESSIONS(project)}/${name}`)).body;
  const put = (phase: string, annotations: Record<string, string> = {}, status = {}) =>
    putSession(admin, project, name, { metadata: { annotations }, status: { phase, ...status } });
  const putRunning = async () => {
    const at = '2026-01-01T00:00:00.000Z';
    const session = await put('Running', { [DESIRED]: 'Running', [STARTED_AT]: at });
    const { uid } = session.metadata;
    const annotations = { [STARTED_AT]: at };
    if (mode === 'job') await putJob(admin, session, { name: `session-${uid}-1`, annotations });
    return session;
  };

  it('that runs is not started: CONFLICT, each time, and its run goes on', async () => {
    const { metadata } = await putRunning();
    expect([codeOf(await as(START)), codeOf(await as(START))]).toEqual(['CONFLICT', 'CONFLICT']);
    expect((await stored()).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it.each(ENDED)(
    'that is %s is stopped without a change, each time, by those who may stop it',
    async (phase) => {
      await put(phase, { [DESIRED]: 'Stopped' });
      const before = (await stored()).metadata.resourceVersion;
      for (const answer of [await as(STOP), await as(STOP)]) {
        expect(answer.errors).toBeUndefined();
        expect(answer.data.stopSession.session.phase).toBe(phase.toUpperCase());
      }
      expect((await stored()).metadata.resourceVersion).toBe(before);
      expect(codeOf(await as(STOP, 'victor'))).toBe('FORBIDDEN');
    },
  );

  it('that has run again since it was stopped, and has ended, is stopped without a change', async () => {
    const later = { [STOPPED_AT]: '2026-01-01T00:00:00Z', [STARTED_AT]: '2026-01-02T00:00:00Z' };
    const { metadata } = await put('Completed', { [DESIRED]: 'Stopped', ...later });
    expect((await as(STOP)).errors).toBeUndefined();
    expect((await stored()).metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it.each(ENDED)('that is %s, and whose start no run has served, is kept from starting', async (phase) => {
    const at = '2026-01-01T00:00:00.000Z';
    // The status may claim a later run.
    const times = { startTime: '2100-01-01T00:00:00Z', completionTime: '2100-01-01T00:00:00Z' };
    await put(phase, { [DESIRED]: 'Running', [STARTED_AT]: at }, times);
    const answer = await as(STOP);
    expect(answer.errors).toBeUndefined();
    expect((await stored()).metadata.annotations).toMatchObject({
      [DESIRED]: 'Stopped',
      [STOPPED_AT]: expect.stringMatching(/^20/),
    });
    const before = (await stored()).metadata.resourceVersion;
    expect((await as(STOP)).data.stopSession.session).toEqual(answer.data.stopSession.session);
    expect((await stored()).metadata.resourceVersion).toBe(before);
  });

  it('that is being deleted is neither started nor stopped', async () => {
    await putSession(admin, project, name, {
      metadata: { finalizers: ['example.org/hold'] },
      status: { phase: 'Completed' },
    });
    await admin.delete(`${SESSIONS(project)}/${name}`);
    expect([codeOf(await as(START)), codeOf(await as(STOP))]).toEqual(['CONFLICT', 'CONFLICT']);
  });

  it.each(ALL_PHASES)('that is %s can be renamed for display', async (phase) => {
    if (phase === 'Running') await putRunning();
    else await put(phase);
    for (const displayName of ['Another', null]) {
      const answer = await writ.as('alice', UPDATE, { input: { project, name, displayName } });
      expect(answer.errors).toBeUndefined();
      expect(answer.data.updateSession.session.displayName).toBe(displayName);
    }
    const { status, metadata } = await stored();
    expect(status.phase).toBe(phase);
    if (mode === 'job' && phase === 'Running') {
      expect((await admin.get(`${JOBS(project)}/session-${metadata.uid}-1`)).status).toBe(200);
    }
  });
});

describe('with WRIT_RUNNER=job, a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const name = 'ended';
  beforeAll(() => putProject(admin, 'repeated'));

  it('whose Job has served its start and finished is stopped without a change', async () => {
    const annotations = { [DESIRED]: 'Running', [STARTED_AT]: '2026-01-01T00:00:00.000Z' };
    const session = await putSession(admin, 'repeated', name, {
      metadata: { annotations },
      status: { phase: 'Completed' },
    });
    const job = await putJob(admin, session, { annotations });
    await finishJob(admin, `${JOBS('repeated')}/${job.metadata.name}`, 'Complete');
    const { data } = await writ.as('alice', STOP, { name });
    expect(data.stopSession.session.phase).toBe('COMPLETED');
    const { body } = await admin.get(`${SESSIONS('repeated')}/${name}`);
    expect(body.metadata.annotations).toEqual(annotations);
  });

  it('whose status claims an end, while its Job runs, is stopped', async () => {
    const session = await putSession(admin, 'repeated', 'lies', {
      metadata: { annotations: { [DESIRED]: 'Running', [STARTED_AT]: '2026-01-01T00:00:00.000Z' } },
      status: { phase: 'Completed', completionTime: '2100-01-01T00:00:00Z' },
    });
    await putJob(admin, session);
    const { data } = await writ.as('alice', STOP, { name: 'lies' });
    expect(data.stopSession.session.phase).toBe('STOPPING');
  });
});

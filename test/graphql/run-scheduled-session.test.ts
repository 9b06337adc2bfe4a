import { beforeAll, describe, expect, it } from 'vitest';
import { JOBS, SESSIONS } from '../support/objects.ts';
import { allow, putProject } from '../support/put-objects.ts';
import {
  noteActive,
  putSchedule,
  RUN_SCHEDULED_SESSION,
  type ScheduleOptions,
  type TestSchedule,
} from '../support/schedules.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const UID = 'ambient-code.io/schedule-uid';

describe('a scheduled session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'ticking';
  beforeAll(() => putProject(admin, project));
  let count = 0;

  const schedule = (options?: ScheduleOptions) => {
    count += 1;
    return putSchedule(writ.sandbox, project, `schedule-${count}`, options);
  };
  const run = ({ name, token, job }: TestSchedule, tick?: Date) =>
    writ.post(
      { query: RUN_SCHEDULED_SESSION, variables: { input: { project, name, job: job(tick) } } },
      { authorization: `Bearer ${token}` },
    );
  const sessionsOf = async ({ uid }: TestSchedule) => {
    const { body } = await admin.get(`${SESSIONS(project)}?labelSelector=${UID}%3D${uid}`);
    return body.items;
  };
  const note = async (of: TestSchedule) => {
    const active = (await sessionsOf(of)).map(({ metadata: { name, uid } }: Stored) => ({ name, uid }));
    await noteActive(writ.sandbox, of, JSON.stringify(active));
  };

  interface Stored {
    metadata: { name: string; uid: string };
  }

  it("creates the session of a time, with a run, in its owner's name", async () => {
    const own = await schedule({
      template: { initialPrompt: 'Look for flaky tests', labels: [{ key: 'team', value: 'shop' }] },
    });
    const tick = own.minute();
    const { data, errors } = await run(own, tick);
    expect(errors).toBeUndefined();
    const [session, ...others] = await sessionsOf(own);
    expect(others).toEqual([]);
    expect(data.runScheduledSession).toEqual({
      outcome: 'CREATED',
      sessionName: session.metadata.name,
      scheduledTime: tick.toISOString(),
    });
    expect(session.metadata).toMatchObject({
      labels: { [UID]: own.uid, team: 'shop' },
      annotations: {
        [UID]: own.uid,
        'ambient-code.io/scheduled-time': tick.toISOString().replace('.000', ''),
        'ambient-code.io/requested-by': 'alice',
        'ambient-code.io/desired-phase': 'Running',
      },
    });
    expect(session.spec).toMatchObject({
      displayName: own.name,
      initialPrompt: 'Look for flaky tests',
      userContext: { userId: 'alice', groups: writ.sandbox.identities.alice.groups },
    });
    const { body } = await admin.get(`${JOBS(project)}/session-${session.metadata.uid}-1`);
    expect(body.metadata.name).toContain(session.metadata.uid);
  });

  it('creates one session for a time, however often and at once it is asked to', async () => {
    const own = await schedule();
    const tick = own.minute();
    const answers = await Promise.all([1, 2, 3].map(() => run(own, tick)));
    answers.push(await run(own, tick));
    const outcomes = answers.map(({ data }) => data.runScheduledSession.outcome).sort();
    expect(outcomes).toEqual(['ALREADY_CREATED', 'ALREADY_CREATED', 'ALREADY_CREATED', 'CREATED']);
    expect(new Set(answers.map(({ data }) => data.runScheduledSession.sessionName)).size).toBe(1);
    expect(await sessionsOf(own)).toHaveLength(1);
    await run(own, own.minute(-1));
    expect(await sessionsOf(own)).toHaveLength(2);
  });

  it('does nothing with a session that has the name of its own already', async () => {
    const [own, other] = [await schedule(), await schedule()];
    const { sessionName } = (await run(own)).data.runScheduledSession;
    await admin.must('DELETE', `${SESSIONS(project)}/${sessionName}`);
    await admin.create(SESSIONS(project), {
      apiVersion: 'vteam.ambient-code/v1alpha1',
      kind: 'AgenticSession',
      metadata: { name: sessionName },
      spec: {},
    });
    const { result, requests } = await writ.requestsDuring(() => run(own));
    expect(result.data.runScheduledSession.outcome).toBe('ALREADY_CREATED');
    const writes = requests.filter(({ user, resource }) => user === BACKEND && !resource.includes('review'));
    expect(writes.map(({ status }) => status)).toEqual([409]);
    expect(await sessionsOf(other)).toEqual([]);
  });

  it.each([
    ['too long ago', -20, {}],
    ['in the future', 2, {}],
    ['that it does not have', 0, { spec: { schedule: '0 0 31 2 *' } }],
  ])('creates none for a time %s', async (_, offset, options) => {
    const own = await schedule(options);
    const { result, requests } = await writ.requestsDuring(() => run(own, own.minute(offset)));
    expect(result.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.job' }],
    });
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it('creates none while it is suspended', async () => {
    const own = await schedule({ spec: { suspend: true } });
    expect((await run(own)).data.runScheduledSession).toMatchObject({
      outcome: 'SUSPENDED',
      sessionName: null,
    });
    expect(await sessionsOf(own)).toEqual([]);
  });

  it.each([
    ['is no JSON', '{'],
    ['breaks a rule', { timeoutSeconds: -1 }],
    ['names a runner type that there is not', { runnerType: 'none' }],
  ])('creates none if its template %s', async (_, template) => {
    const own = await schedule({ template });
    const { result, requests } = await writ.requestsDuring(() => run(own));
    expect(['BAD_USER_INPUT', 'CONFLICT']).toContain(codeOf(result));
    expect(requests.filter(({ user }) => user === BACKEND)).toEqual([]);
  });

  it('takes neither project nor name of the session from its template', async () => {
    await putProject(admin, 'not-ticking');
    const template = { project: 'not-ticking', name: 'mine', parentSession: 'x', idempotencyKey: 'x' };
    const own = await schedule({ template });
    expect((await run(own)).errors).toBeUndefined();
    expect(await sessionsOf(own)).toHaveLength(1);
    expect((await admin.get(SESSIONS('not-ticking'))).body.items).toEqual([]);
  });

  describe('one of whose sessions is active', () => {
    const twice = async (policy: string | null) => {
      const own = await schedule({ policy });
      const first = (await run(own, own.minute(-1))).data.runScheduledSession;
      await note(own);
      return { own, first, second: await run(own) };
    };

    it('creates another with the policy ALLOW', async () => {
      const { own, second } = await twice('ALLOW');
      expect(second.data.runScheduledSession.outcome).toBe('CREATED');
      expect(await sessionsOf(own)).toHaveLength(2);
    });

    it.each(['FORBID', 'forbid', 'other', null])('creates none with the policy %s', async (policy) => {
      const { own, second } = await twice(policy);
      expect(second.data.runScheduledSession).toMatchObject({ outcome: 'SKIPPED', sessionName: null });
      expect(await sessionsOf(own)).toHaveLength(1);
    });

    it('says of the time of that session that it was created, with the policy FORBID', async () => {
      const { own, first } = await twice('FORBID');
      expect((await run(own, own.minute(-1))).data.runScheduledSession).toMatchObject({
        outcome: 'ALREADY_CREATED',
        sessionName: first.sessionName,
      });
    });

    it('stops that one first with the policy REPLACE, and not itself when asked again', async () => {
      const { own, first, second } = await twice('REPLACE');
      const { outcome, sessionName } = second.data.runScheduledSession;
      expect(outcome).toBe('CREATED');
      const desired = async () =>
        Object.fromEntries(
          (await sessionsOf(own)).map(({ metadata }: { metadata: { name: string; annotations: object } }) => [
            metadata.name,
            (metadata.annotations as Record<string, string>)['ambient-code.io/desired-phase'],
          ]),
        );
      const expected = { [first.sessionName]: 'Stopped', [sessionName]: 'Running' };
      expect(await desired()).toEqual(expected);
      await note(own);
      expect((await run(own)).data.runScheduledSession.outcome).toBe('ALREADY_CREATED');
      expect(await desired()).toEqual(expected);
    });

    it('is not kept by one that was deleted meanwhile, with the policy REPLACE', async () => {
      const own = await schedule({ policy: 'REPLACE' });
      const gone = [{ name: 'gone', uid: '00000000-0000-0000-0000-000000000000' }];
      await noteActive(writ.sandbox, own, JSON.stringify(gone));
      expect((await run(own)).data.runScheduledSession.outcome).toBe('CREATED');
    });

    it('is not run with a note that cannot be read', async () => {
      const own = await schedule({ policy: 'FORBID' });
      await noteActive(writ.sandbox, own, '[{}]');
      expect(codeOf(await run(own))).toBe('UNAVAILABLE');
      expect(await sessionsOf(own)).toEqual([]);
    });

    it('writes nothing with the policy REPLACE if its owner may not stop that one', async () => {
      const own = await schedule({ policy: 'REPLACE', ownedBy: 'mallory' });
      await allow(admin, project, 'mallory', [
        { apiGroups: ['vteam.ambient-code'], resources: ['agenticsessions'], verbs: ['create'] },
      ]);
      await run(own, own.minute(-1));
      await note(own);
      const { result, requests } = await writ.requestsDuring(() => run(own));
      expect(result.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', verb: 'update' });
      const writes = requests.filter(
        ({ user, resource }) => user === BACKEND && !resource.includes('review'),
      );
      expect(writes).toEqual([]);
    });
  });

  it('audits its acts as those of its owner, whose rights were reviewed, and says who called', async () => {
    const own = await schedule();
    await run(own);
    const record = writ.log
      .lines()
      .findLast(
        (line) => line.audit === true && line.grant === 'runScheduledSession' && line.act === 'createSession',
      );
    expect(record).toMatchObject({
      calledBy: own.username,
      subject: { username: 'alice' },
      reviewed: { verb: 'create', resource: 'agenticsessions', namespace: project },
    });
  });
});

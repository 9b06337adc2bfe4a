import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CORE, JOB_SPEC, JOBS, SESSIONS } from '../support/objects.ts';
import { finishJob, putProject, putSession } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { BACKEND } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const START = `mutation ($project: String!, $name: String!) {
  startSession(project: $project, name: $name) { session { phase job { name } conditions { type status reason } } }
}`;
const STOP = `mutation ($project: String!, $name: String!) {
  stopSession(project: $project, name: $name) { session { phase stoppedReason } }
}`;

type Named = { metadata: { name: string } };

describe('a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'starting';
  beforeAll(() => putProject(admin, project));
  let name = '';
  let count = 0;

  beforeEach(async () => {
    count += 1;
    name = `session-${count}`;
    await putSession(admin, project, name);
  });
  const start = (who: 'alice' | 'victor' = 'alice') => writ.as(who, START, { project, name });
  const stop = (who: 'alice' | 'victor' = 'alice') => writ.as(who, STOP, { project, name });
  const stored = async () => (await admin.get(`${SESSIONS(project)}/${name}`)).body;

  it('is started: its desired phase says so, and a run with the number one is made', async () => {
    const { data, errors } = await start();
    expect(errors).toBeUndefined();
    const { metadata } = await stored();
    expect(metadata.annotations).toMatchObject({
      'ambient-code.io/desired-phase': 'Running',
      'ambient-code.io/start-requested-at': expect.stringMatching(/^20/),
    });
    expect(data.startSession.session).toEqual({
      phase: 'CREATING',
      job: { name: `session-${metadata.uid}-1` },
      conditions: [{ type: 'RunCreated', status: 'True', reason: 'RunCreated' }],
    });
    const { body: job } = await admin.get(`${JOBS(project)}/session-${metadata.uid}-1`);
    expect(job.metadata.annotations['ambient-code.io/start-requested-at']).toBe(
      metadata.annotations['ambient-code.io/start-requested-at'],
    );
  });

  it('that runs is not started twice', async () => {
    await start();
    expect(codeOf(await start())).toBe('CONFLICT');
    const { body } = await admin.get(JOBS(project));
    const { uid } = (await stored()).metadata;
    const own = body.items.filter((job: Named) => job.metadata.name.includes(uid));
    expect(own).toHaveLength(1);
  });

  it('that is asked to start twice at once gets one run', async () => {
    const answers = await Promise.all([start(), start(), start()]);
    expect(answers.map(codeOf).sort()).toEqual(['CONFLICT', 'CONFLICT', undefined]);
  });

  it.each(['Complete', 'Failed'] as const)(
    'whose run is %s gets a new run with the next number',
    async (type) => {
      const { data } = await start();
      await finishJob(admin, `${JOBS(project)}/${data.startSession.session.job.name}`, type);
      const again = await start();
      const { uid } = (await stored()).metadata;
      expect(again.data.startSession.session.job.name).toBe(`session-${uid}-2`);
    },
  );

  it("whose status claims to run is started all the same: its Jobs count, not its runner's word", async () => {
    await admin.patch(`${SESSIONS(project)}/${name}/status`, { status: { phase: 'Running' } });
    expect((await start()).data.startSession.session.phase).toBe('CREATING');
  });

  it("takes no other session's Job for its own, whatever its labels say", async () => {
    const { uid } = (await stored()).metadata;
    await admin.post(JOBS(project), {
      metadata: { name: `session-${uid}-7`, labels: { 'ambient-code.io/session-uid': uid } },
      spec: JOB_SPEC,
    });
    expect((await start()).data.startSession.session.job.name).toBe(`session-${uid}-1`);
  });

  it('is not kept from starting by a Job that somebody gave to it under another name', async () => {
    const { uid } = (await stored()).metadata;
    await admin.post(JOBS(project), {
      metadata: {
        name: `given-${count}`,
        labels: { 'ambient-code.io/session-uid': uid },
        ownerReferences: [
          { apiVersion: 'vteam.ambient-code/v1alpha1', kind: 'AgenticSession', name, uid, controller: true },
        ],
      },
      spec: JOB_SPEC,
    });
    expect((await start()).errors).toBeUndefined();
    expect((await stop()).errors).toBeUndefined();
    expect((await admin.get(`${JOBS(project)}/given-${count}`)).status).toBe(200);
  });

  it('with objects of an earlier run in the way says so, and is left to the controller', async () => {
    const { data } = await start();
    await admin.delete(`${JOBS(project)}/${data.startSession.session.job.name}`, {
      propagationPolicy: 'Background',
    });
    const { data: again, errors } = await start();
    expect(errors).toBeUndefined();
    expect(again.startSession.session.conditions).toEqual([
      { type: 'RunCreated', status: 'False', reason: 'CONFLICT' },
    ]);
    expect((await stored()).metadata.annotations['ambient-code.io/desired-phase']).toBe('Running');
  });

  it('is stopped: its desired phase says so, and its Job is deleted with its pods first', async () => {
    await start();
    const { result, requests } = await writ.requestsDuring(() => stop());
    expect(result.data.stopSession.session).toEqual({ phase: 'STOPPING', stoppedReason: 'user' });
    const { annotations, uid } = (await stored()).metadata;
    expect(annotations).toMatchObject({
      'ambient-code.io/desired-phase': 'Stopped',
      'ambient-code.io/stop-requested-at': expect.stringMatching(/^20/),
    });
    expect(requests).toContainEqual(
      expect.objectContaining({ verb: 'delete', resource: 'jobs', name: `session-${uid}-1`, status: 200 }),
    );
  });

  it('that is stopped twice has one answer, whatever has become of its Job', async () => {
    const { data } = await start();
    const stopping = { phase: 'STOPPING', stoppedReason: 'user' };
    const both = await Promise.all([stop(), stop()]);
    for (const answer of both) {
      expect(answer.errors).toBeUndefined();
      expect(answer.data.stopSession.session).toEqual(stopping);
    }
    expect((await stop()).data.stopSession.session).toEqual(stopping);

    await admin.delete(`${JOBS(project)}/${data.startSession.session.job.name}`, {
      propagationPolicy: 'Background',
    });
    await admin.patch(`${SESSIONS(project)}/${name}/status`, { status: { phase: 'Stopped' } });
    const before = (await stored()).metadata.resourceVersion;
    const stopped = { phase: 'STOPPED', stoppedReason: 'user' };
    expect((await stop()).data.stopSession.session).toEqual(stopped);
    expect((await stored()).metadata.resourceVersion).toBe(before);
    expect(codeOf(await stop('victor'))).toBe('FORBIDDEN');
  });

  it('is neither started nor stopped by one who may not update it', async () => {
    expect((await start('victor')).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      verb: 'update',
      resource: 'agenticsessions',
      namespace: project,
      name,
    });
    await start();
    expect(codeOf(await stop('victor'))).toBe('FORBIDDEN');
    expect((await stored()).metadata.annotations['ambient-code.io/desired-phase']).toBe('Running');
  });

  it('that is not there is NOT_FOUND', async () => {
    name = 'absent';
    expect([codeOf(await start()), codeOf(await stop())]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  it.each(['..', '', 'A', 'a/b'])('named %j is BAD_USER_INPUT', async (bad) => {
    name = bad;
    expect([codeOf(await start()), codeOf(await stop())]).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT']);
  });

  it('that no run can be made from is BAD_USER_INPUT, and nothing of a run is made', async () => {
    await admin.patch(`${SESSIONS(project)}/${name}`, {
      spec: { environmentVariables: { LD_PRELOAD: 'x' } },
    });
    const answer = await start();
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.errors?.[0]?.extensions.session).toMatchObject({ project, name });
    const { uid } = (await stored()).metadata;
    for (const path of [JOBS(project), CORE(project, 'secrets'), CORE(project, 'serviceaccounts')]) {
      const names = (await admin.get(path)).body.items.map((item: Named) => item.metadata.name);
      expect(names.filter((each: string) => each.includes(uid))).toEqual([]);
    }
  });
});

describe('in operator mode', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_RUNNER: 'operator' } });
  const admin = writ.kubernetes('admin');
  const project = 'operated';
  beforeAll(() => putProject(admin, project));
  const CREATE = createSessionMutation('name phase');

  it('create, start and stop write the custom resource and its annotations, and nothing else', async () => {
    const { requests } = await writ.requestsDuring(async () => {
      await writ.as('alice', CREATE, { input: { project, name: 'one' } });
      await admin.patch(`${SESSIONS(project)}/one/status`, { status: { phase: 'Running' } });
      const stopped = await writ.as('alice', STOP, { project, name: 'one' });
      expect(stopped.errors).toBeUndefined();
      await admin.patch(`${SESSIONS(project)}/one/status`, { status: { phase: 'Stopped' } });
      const started = await writ.as('alice', START, { project, name: 'one' });
      expect(started.errors).toBeUndefined();
    });
    const written = requests.filter(({ user }) => user === BACKEND);
    expect(
      written.map(({ verb, resource, subresource }) => `${verb} ${resource}/${subresource ?? ''}`),
    ).toEqual(['create agenticsessions/', 'patch agenticsessions/', 'patch agenticsessions/']);
    const { body } = await admin.get(`${SESSIONS(project)}/one`);
    expect(body.metadata.annotations['ambient-code.io/desired-phase']).toBe('Running');
  });
});

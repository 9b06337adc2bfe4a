import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CORE } from '../support/objects.ts';
import { startWrit } from '../support/writ.ts';
import { controlled, DESIRED, PATHS, PATIENT, RUN_KINDS } from './fixture.ts';

const PROJECT = 'life';
const SESSION = 'session { name uid phase job { name } }';
const CREATE = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { ${SESSION} } }`;
const on = (mutation: string) =>
  `mutation ($name: String!) { ${mutation}(project: "${PROJECT}", name: $name) { ${SESSION} } }`;
const READ = `query ($name: String!) { project(name: "${PROJECT}") {
  session(name: $name) { phase startTime completionTime stoppedReason job { name } pods { name } }
} }`;

describe('a session', () => {
  // A run ends when its test says so.
  const writ = startWrit({ sandbox: { demo: false, runner: { pendingMs: 20, runningMs: 3_600_000 } } });
  const cluster = controlled(writ.sandbox);
  const { admin } = cluster;
  beforeAll(() => cluster.project(PROJECT));

  async function asAlice(operation: string, variables: object) {
    const { data, errors } = await writ.as('alice', operation, { ...variables });
    expect(errors).toBeUndefined();
    return data;
  }
  const create = async (name: string) =>
    (await asAlice(CREATE, { input: { project: PROJECT, name, initialPrompt: 'Do it' } })).createSession
      .session;
  const start = async (name: string) => (await asAlice(on('startSession'), { name })).startSession.session;

  /** Until the status says so, too: a request would conflict with what the controller has still to write. */
  async function until(name: string, phase: string, fields: object = {}) {
    await cluster.untilStatus(PROJECT, name, { phase });
    const expected = { phase: phase.toUpperCase(), ...fields };
    await eventually(async () =>
      expect((await asAlice(READ, { name })).project.session).toMatchObject(expected),
    );
  }

  it('that kubectl has started runs to its end, once', async () => {
    const replica = await cluster.startReplica({ timings: { ...PATIENT, createAfterMs: 0 } });
    const { metadata } = await cluster.startedSession(PROJECT, 'by-kubectl');
    await until('by-kubectl', 'Running');
    await cluster.finishRun(PROJECT, `session-${metadata.uid}-1`);
    await cluster.untilStatus(PROJECT, 'by-kubectl', { phase: 'Completed', observedGeneration: 1 });
    const { status, metadata: ended } = await cluster.session(PROJECT, 'by-kubectl');
    expect(ended.annotations[DESIRED]).toBe('Stopped');
    expect(Date.parse(status.completionTime)).toBeGreaterThanOrEqual(Date.parse(status.startTime));
    expect(await cluster.jobs(PROJECT, metadata.uid)).toHaveLength(1);
    const made = replica.done('createRunObject').filter(({ object }) => object.name?.includes(metadata.uid));
    expect(made.map(({ object }) => object.kind)).toEqual(RUN_KINDS);
  });

  it('that Writ has created runs to its end, and once more when it is started again', async () => {
    const replica = await cluster.startReplica({ timings: PATIENT });
    const { uid, phase, job } = await create('by-alice');
    expect([phase, job.name]).toEqual(['CREATING', `session-${uid}-1`]);
    await until('by-alice', 'Running', { completionTime: null });
    await cluster.finishRun(PROJECT, job.name);
    await until('by-alice', 'Completed', { completionTime: expect.any(String) });
    const again = (await start('by-alice')).job;
    expect(again.name).toBe(`session-${uid}-2`);
    await until('by-alice', 'Running', { completionTime: null });
    await cluster.finishRun(PROJECT, again.name);
    await until('by-alice', 'Completed', { job: again });
    // The request created them: the controller had nothing to repair.
    expect(replica.done('createRunObject').filter(({ object }) => object.name?.includes(uid))).toEqual([]);
  });

  it('that is stopped leaves nothing that runs, and can be started again', async () => {
    await cluster.startReplica({ timings: PATIENT });
    const { uid, job } = await create('stopped');
    await until('stopped', 'Running', { pods: [{ name: expect.any(String) }] });
    const { stopSession } = await asAlice(on('stopSession'), { name: 'stopped' });
    expect(stopSession.session.phase).toBe('STOPPING');
    await until('stopped', 'Stopped', { stoppedReason: 'user', pods: [] });
    const { items } = (await admin.get(CORE(PROJECT, 'pods'))).body;
    expect(
      items.filter(({ metadata }: { metadata: { name: string } }) => metadata.name.includes(uid)),
    ).toEqual([]);
    for (const path of Object.values(PATHS))
      await eventually(async () =>
        expect((await admin.get(`${path(PROJECT)}/${job.name}`)).status).toBe(404),
      );
    const again = (await start('stopped')).job;
    await until('stopped', 'Running', { stoppedReason: null });
    await cluster.finishRun(PROJECT, again.name);
    await until('stopped', 'Completed');
  });
});

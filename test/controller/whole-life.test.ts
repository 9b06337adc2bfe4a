import { beforeAll, describe, expect, it } from 'vitest';
import { CORE } from '../support/objects.ts';
import { startWrit } from '../support/writ.ts';
import { controlled, DESIRED, eventually, PATHS, PATIENT, type Replica } from './fixture.ts';

const PROJECT = 'life';
const SESSION = 'session { name uid phase job { name } }';
const CREATE = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { ${SESSION} } }`;
const on = (mutation: string) =>
  `mutation ($name: String!) { ${mutation}(project: "${PROJECT}", name: $name) { ${SESSION} } }`;
const READ = `query ($name: String!) { project(name: "${PROJECT}") {
  session(name: $name) { phase startTime completionTime stoppedReason job { name } pods { name } }
} }`;

// Each of them waits for its runner, and they don't meet.
describe.concurrent('a session', () => {
  // Long enough to be stopped meanwhile.
  const writ = startWrit({ sandbox: { demo: false, runner: { pendingMs: 20, runningMs: 3_000 } } });
  const cluster = controlled(writ.sandbox);
  const { admin } = cluster;
  let replica: Replica;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    // Longer than a request takes to begin a run.
    replica = await cluster.startReplica({ timings: { ...PATIENT, createAfterMs: 3_000 } });
  });

  async function asAlice(operation: string, variables: object) {
    const { data, errors } = await writ.as('alice', operation, { ...variables });
    expect(errors).toBeUndefined();
    return data;
  }
  const create = async (name: string) =>
    (await asAlice(CREATE, { input: { project: PROJECT, name, initialPrompt: 'Do it' } })).createSession
      .session;
  const start = async (name: string) => (await asAlice(on('startSession'), { name })).startSession.session;
  const until = (name: string, fields: object) =>
    eventually(async () => expect((await asAlice(READ, { name })).project.session).toMatchObject(fields));

  it('that kubectl has started runs to its end, once', async () => {
    const { metadata } = await cluster.startedSession(PROJECT, 'by-kubectl');
    await cluster.untilStatus(PROJECT, 'by-kubectl', { phase: 'Running' });
    await cluster.untilStatus(PROJECT, 'by-kubectl', { phase: 'Completed', observedGeneration: 1 });
    const { status, metadata: ended } = await cluster.session(PROJECT, 'by-kubectl');
    expect(ended.annotations[DESIRED]).toBe('Stopped');
    expect(Date.parse(status.completionTime)).toBeGreaterThanOrEqual(Date.parse(status.startTime));
    expect(await cluster.jobs(PROJECT, metadata.uid)).toHaveLength(1);
    const made = replica.done('createRunObject').filter(({ object }) => object.name?.includes(metadata.uid));
    expect(made.map(({ object }) => object.kind)).toEqual([
      'Secret',
      'ServiceAccount',
      'Role',
      'RoleBinding',
      'Job',
    ]);
  });

  it('that Writ has created runs to its end, and once more when it is started again', async () => {
    const { uid, phase, job } = await create('by-alice');
    expect([phase, job.name]).toEqual(['CREATING', `session-${uid}-1`]);
    await until('by-alice', { phase: 'RUNNING', completionTime: null });
    await until('by-alice', { phase: 'COMPLETED', completionTime: expect.any(String) });
    expect((await start('by-alice')).job.name).toBe(`session-${uid}-2`);
    await until('by-alice', { phase: 'RUNNING', completionTime: null });
    await until('by-alice', { phase: 'COMPLETED', job: { name: `session-${uid}-2` } });
    // The request made them: the controller had nothing to make good.
    expect(replica.done('createRunObject').filter(({ object }) => object.name?.includes(uid))).toEqual([]);
  });

  it('that is stopped leaves nothing that runs, and can be started again', async () => {
    const { uid, job } = await create('stopped');
    await until('stopped', { phase: 'RUNNING', pods: [{ name: expect.any(String) }] });
    const { stopSession } = await asAlice(on('stopSession'), { name: 'stopped' });
    expect(stopSession.session.phase).toBe('STOPPING');
    await until('stopped', { phase: 'STOPPED', stoppedReason: 'user', pods: [] });
    const { items } = (await admin.get(CORE(PROJECT, 'pods'))).body;
    expect(
      items.filter(({ metadata }: { metadata: { name: string } }) => metadata.name.includes(uid)),
    ).toEqual([]);
    // The status is written before the rest of the run is deleted.
    for (const path of Object.values(PATHS))
      await eventually(async () =>
        expect((await admin.get(`${path(PROJECT)}/${job.name}`)).status).toBe(404),
      );
    await start('stopped');
    await until('stopped', { phase: 'RUNNING', stoppedReason: null });
    await until('stopped', { phase: 'COMPLETED' });
  });
});

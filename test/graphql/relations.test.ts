import { beforeAll, describe, expect, it } from 'vitest';
import { JOBS, ownedBy } from '../support/objects.ts';
import { finishJob, putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const PARENT = 'vteam.ambient-code/parent-session-id';
const JOB = 'name createdAt startTime completionTime active succeeded failed conditions { type reason }';

describe('what belongs to a session', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'related', { annotations: { 'openshift.io/display-name': 'Related' } });
  });

  async function read(name: string, fields: string) {
    const query = `query ($name: String!) { session(project: "related", name: $name) { ${fields} } }`;
    const { data, errors } = await writ.as('victor', query, { name });
    expect(errors).toBeUndefined();
    return data.session;
  }

  it('is its project', async () => {
    await putSession(admin, 'related', 'homed');
    expect(
      (await read('homed', 'project { name displayName session(name: "homed") { name } }')).project,
    ).toEqual({ name: 'related', displayName: 'Related', session: { name: 'homed' } });
  });

  it('is its latest job', async () => {
    const session = await putSession(admin, 'related', 'ran');
    const { uid } = session.metadata;
    for (const run of [1, 2, 9, 10]) await putJob(admin, session, { name: `session-${uid}-${run}` });
    expect((await read('ran', 'job { name run }')).job).toEqual({ name: `session-${uid}-10`, run: 10 });
  });

  it('is a job by its owner alone, whatever its labels say', async () => {
    const session = await putSession(admin, 'related', 'honest');
    const other = await putSession(admin, 'related', 'other');
    const labels = { 'ambient-code.io/session-uid': session.metadata.uid };
    await putJob(admin, other, { name: 'claims-to-be', labels });
    await putJob(admin, session, {
      name: 'not-controlled',
      labels,
      ...ownedBy(session),
    });
    await putJob(admin, session, { name: 'an-orphan', labels, ownerReferences: [] });
    expect(await read('honest', 'job { name } pods { name }')).toEqual({ job: null, pods: [] });
  });

  it('is what its job says', async () => {
    const session = await putSession(admin, 'related', 'done');
    const job = await putJob(admin, session);
    await finishJob(admin, `${JOBS('related')}/${job.metadata.name}`, 'Complete');
    expect((await read('done', `job { ${JOB} }`)).job).toEqual({
      name: job.metadata.name,
      createdAt: job.metadata.creationTimestamp,
      startTime: '2026-01-01T00:00:00Z',
      completionTime: '2026-01-01T00:01:00Z',
      active: 0,
      succeeded: 1,
      failed: 0,
      conditions: [
        { type: 'SuccessCriteriaMet', reason: 'CompletionsReached' },
        { type: 'Complete', reason: 'CompletionsReached' },
      ],
    });
  });

  it('is the pods of its jobs', async () => {
    const session = await putSession(admin, 'related', 'podded');
    const job = await putJob(admin, session);
    const { name } = (
      await putPod(admin, job, {
        spec: { nodeName: 'node-1' },
        status: {
          phase: 'Failed',
          reason: 'DeadlineExceeded',
          startTime: '2026-01-01T00:00:00Z',
          initContainerStatuses: [
            {
              name: 'istio-init',
              image: 'i',
              imageID: '',
              ready: false,
              restartCount: 0,
              state: { waiting: { reason: 'ErrImagePull' } },
            },
          ],
          containerStatuses: [
            {
              name: 'a',
              ready: true,
              restartCount: 2,
              state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
            },
            { name: 'b', ready: false, restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff' } } },
            {
              name: 'c',
              ready: false,
              restartCount: 0,
              state: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
            },
            { name: 'd', ready: false, restartCount: 0 },
          ],
        },
      })
    ).metadata;
    const stranger = await putJob(admin, await putSession(admin, 'related', 'stranger'));
    const { labels } = job.metadata;
    await putPod(admin, stranger, { metadata: { name: 'labelled-so', labels } });
    const fields =
      'name run podPhase reason nodeName startTime containers { name ready restartCount state reason exitCode } initContainers { name state reason }';
    expect((await read('podded', `pods { ${fields} }`)).pods).toEqual([
      {
        name,
        run: 1,
        podPhase: 'Failed',
        reason: 'DeadlineExceeded',
        nodeName: 'node-1',
        startTime: '2026-01-01T00:00:00Z',
        initContainers: [{ name: 'istio-init', state: 'waiting', reason: 'ErrImagePull' }],
        containers: [
          { name: 'a', ready: true, restartCount: 2, state: 'running', reason: null, exitCode: null },
          {
            name: 'b',
            ready: false,
            restartCount: 0,
            state: 'waiting',
            reason: 'ImagePullBackOff',
            exitCode: null,
          },
          {
            name: 'c',
            ready: false,
            restartCount: 0,
            state: 'terminated',
            reason: 'OOMKilled',
            exitCode: 137,
          },
          { name: 'd', ready: false, restartCount: 0, state: 'waiting', reason: null, exitCode: null },
        ],
      },
    ]);
  });

  it('is its parent and its children', async () => {
    await putSession(admin, 'related', 'mother');
    const annotations = { [PARENT]: 'mother' };
    for (const name of ['anna', 'bert'])
      await putSession(admin, 'related', name, { metadata: { annotations } });
    expect(
      await read('anna', 'parent { name children { nodes { name } } } children { nodes { name } }'),
    ).toEqual({
      parent: { name: 'mother', children: { nodes: [{ name: 'anna' }, { name: 'bert' }] } },
      children: { nodes: [] },
    });
    expect(await read('mother', 'parent { name }')).toEqual({ parent: null });
  });

  it.each(['gone', '../secrets', '', '..', 'UPPER', 'a/b'])(
    'has no parent where it names %j',
    async (name) => {
      const child = `of-0${Buffer.from(name).toString('hex')}`;
      await putSession(admin, 'related', child, { metadata: { annotations: { [PARENT]: name } } });
      expect((await read(child, 'parent { name }')).parent).toBeNull();
    },
  );

  it('may be itself, where it says so', async () => {
    await putSession(admin, 'related', 'ouroboros', { metadata: { annotations: { [PARENT]: 'ouroboros' } } });
    expect(await read('ouroboros', 'parent { name } children { nodes { name } }')).toEqual({
      parent: { name: 'ouroboros' },
      children: { nodes: [{ name: 'ouroboros' }] },
    });
  });

  it('has a parent with a dotted name', async () => {
    await putSession(admin, 'related', 'old.style');
    await putSession(admin, 'related', 'new-style', { metadata: { annotations: { [PARENT]: 'old.style' } } });
    expect((await read('new-style', 'parent { name }')).parent).toEqual({ name: 'old.style' });
  });
});

describe('more jobs than may be read', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_SCAN_LIMIT: '4' } });

  it('are an error, not a part of them', async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'busy');
    const session = await putSession(admin, 'busy', 's');
    const job = () => writ.as('victor', '{ session(project: "busy", name: "s") { name job { name } } }');
    for (const run of [1, 2, 3, 4]) await putJob(admin, session, { name: `run-${run}` });
    expect((await job()).data.session.job).toEqual({ name: 'run-4' });
    await putJob(admin, session, { name: 'run-5' });
    const { data, errors } = await job();
    expect(data.session).toEqual({ name: 's', job: null });
    expect(errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'scannedObjects', maximum: 4 } },
    ]);
  });
});

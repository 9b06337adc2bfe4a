import { beforeAll, describe, expect, it } from 'vitest';
import { watchConnections } from '../../src/controller/runtime/watch-connections.ts';
import { SessionCache, sessionKey } from '../../src/controller/session/session-cache.ts';
import { ResponseTooLarge } from '../../src/errors.ts';
import { PAGE_SIZE } from '../../src/kubernetes/pages.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { controlledBy, JOBS, SESSIONS } from '../support/objects.ts';
import { putPod, putSession } from '../support/put-objects.ts';
import { CONTROLLER } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';
import { DESIRED, leftBehind, PATHS, runOf, STARTED, startControlledCluster, TIMINGS } from './fixture.ts';

/** In proportion to real ones: 48 objects of 1.4 MB are more than the 64 MiB that are read into memory. */
const [COUNT, BYTES, LIMIT] = [48, 40_000, 1_000_000];
const REAL_PAGES = { ...TIMINGS, watch: { ...TIMINGS.watch, pageSize: PAGE_SIZE } };
const LARGE = 'x'.repeat(BYTES / 2);
const ENV = { A: LARGE, B: LARGE };

describe('where one project is full of large objects, the controller', () => {
  const cluster = startControlledCluster();
  const { admin, sandbox } = cluster;
  beforeAll(async () => {
    for (const project of ['full', 'other']) await cluster.project(project);
    for (let index = 0; index < COUNT; index += 1) {
      await putSession(admin, 'full', `large-${index}`, { spec: { environmentVariables: ENV } });
      await admin.create(JOBS('full'), {
        metadata: { name: `large-${index}`, annotations: { large: LARGE + LARGE } },
        spec: { template: { spec: podSpec() } },
      });
    }
    await cluster.startReplica({ timings: REAL_PAGES }, { maxResponseBytes: LIMIT });
  });

  function podSpec() {
    const env = Object.entries(ENV).map(([name, value]) => ({ name, value }));
    return { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i', env }] };
  }

  /** Its lists in projects: what it reads beside what it watches. */
  const lists = () =>
    sandbox.requests.filter(
      ({ verb, user, namespace }) => verb === 'list' && user === CONTROLLER && namespace,
    );

  it.each(['other', 'full'])('makes runs all the same: in the project %s', async (project) => {
    const { metadata } = await cluster.startedSession(project, 'innocent');
    await cluster.untilStatus(project, 'innocent', { phase: 'Creating' });
    expect((await admin.get(`${JOBS(project)}/session-${metadata.uid}-1`)).status).toBe(200);
  });

  it('finds orphans all the same', async () => {
    const gone = await putSession(admin, 'full', 'gone');
    const orphan = leftBehind(runOf(gone).Job);
    await admin.create(JOBS('full'), orphan);
    await admin.delete(`${SESSIONS('full')}/gone`);
    const path = `${PATHS.Job('full')}/${orphan.metadata.name}`;
    await eventually(async () =>
      expect(
        (await admin.get(path)).body.metadata?.deletionTimestamp ?? (await admin.get(path)).status,
      ).not.toBe(200),
    );
  });

  it('reads of what is stored in a project no more than metadata, but its own Jobs by their names', async () => {
    await cluster.startedSession('full', 'another');
    await cluster.untilStatus('full', 'another', { phase: 'Creating' });
    const ofMetadata = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    expect(new Set(lists().map(({ resource }) => resource))).toEqual(
      new Set(['jobs', 'roles', 'rolebindings', 'serviceaccounts']),
    );
    for (const { path } of lists().filter(({ accept }) => accept !== ofMetadata))
      expect(path).toMatch(/fieldSelector=metadata\.name%3Dsession-[-0-9a-f]+$/);
  });
});

it('what the controller keeps in memory of an object does not grow with it', async () => {
  const cluster = await inTest(startControlledCluster);
  const { admin, sandbox } = cluster;
  await cluster.project('full');
  const text = 'x'.repeat(30_000);
  const conditions = ['RunHealthy', 'RunCreated', ...Array.from({ length: 10 }, (_, n) => `T${n}`)];
  const session = await putSession(admin, 'full', 'large', {
    metadata: { annotations: { [STARTED]: text, [DESIRED]: text, other: text } },
    spec: { environmentVariables: ENV },
    status: { conditions: conditions.map((type) => ({ type, status: 'True', message: text })) },
  });
  const job = await admin.create(JOBS('full'), {
    ...runOf(await putSession(admin, 'full', 'small')).Job,
    metadata: {
      name: `session-${session.metadata.uid}-1`,
      annotations: { [STARTED]: text, other: text },
      ...controlledBy(session),
    },
  });
  const status = {
    phase: 'Pending',
    containerStatuses: [
      {
        name: 'runner',
        image: text,
        imageID: text,
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'CreateContainerError', message: text } },
      },
    ],
  };
  await putPod(admin, job, {
    metadata: {
      annotations: { other: text },
      labels: { 'ambient-code.io/session-uid': session.metadata.uid },
    },
    status,
  });

  const transport = transportTo(sandbox);
  const over = new AbortController();
  const credential = async () => `Bearer ${sandbox.identities.controller.token}`;
  const connect = watchConnections({ transport, credential, id: 'test' });
  const cache = new SessionCache({ connect, timings: TIMINGS.watch }, () => {});
  const running = cache.informers.map((informer) => informer.run(over.signal));
  await Promise.all(cache.informers.map(({ synced }) => synced));
  const key = sessionKey('full', session.metadata.uid);
  const kept = [cache.session(key), cache.runs(key), cache.pods(key)];
  over.abort();
  await Promise.all(running);
  await transport.destroy();
  expect([kept[1], kept[2]].map((list) => (list as unknown[]).length)).toEqual([1, 1]);
  for (const one of kept) expect(JSON.stringify(one).length).toBeLessThan(4_000);
});

it('an operator reads in the log why nothing is done', async () => {
  const cluster = await inTest(startControlledCluster);
  await cluster.project('full');
  await putSession(cluster.admin, 'full', 's3cret', { spec: { environmentVariables: ENV } });
  const { controller, problems } = await cluster.startReplica({}, { maxResponseBytes: BYTES / 4 });
  await eventually(() => expect(problems.length).toBeGreaterThan(2));
  for (const { err, resource } of problems) {
    expect(resource).toBe('agenticsessions');
    expect(err).toBeInstanceOf(ResponseTooLarge);
    expect((err as Error).message).toBe("The cluster's response is larger than 10000 bytes");
  }
  await expect(controller.ready()).rejects.toThrow('The cluster cannot be watched');
});

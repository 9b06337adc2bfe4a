import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { controlledBy, ownedBy } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import {
  EXPIRES,
  ofSecret,
  PATHS,
  PATIENT,
  type Replica,
  type RunKind,
  runOf,
  SECRET_UID,
  STARTED,
  startControlledCluster,
  TIMINGS,
} from './fixture.ts';

const PROJECT = 'repair';

describe('a run that a request left half made', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, jobs, session, conditions } = cluster;
  let replica: Replica;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    replica = await cluster.startReplica({ timings: PATIENT });
  });

  /** What is left, with the number of the run that is made and how many objects of it are new. */
  const LEFT: [what: string, kinds: RunKind[], number: number, made: number][] = [
    ['nothing', [], 1, 5],
    // Whose Secret it is, is not known.
    ['the Secret', ['Secret'], 2, 5],
    ['the Secret and the service account', ['Secret', 'ServiceAccount'], 1, 5],
    ['all but the Job', ['Secret', 'ServiceAccount', 'Role', 'RoleBinding'], 1, 3],
  ];

  it.each(LEFT)('is made good, once, where it left %s', async (what, kinds, number, made) => {
    const name = what.replaceAll(' ', '-').toLowerCase();
    const stored = await startedSession(PROJECT, name);
    const left = runOf(stored);
    for (const kind of kinds) {
      const { metadata } = await admin.create(PATHS[kind](PROJECT), left[kind]);
      if (kind === 'Secret') left.ServiceAccount = ofSecret(left.ServiceAccount, metadata.uid);
    }
    await cluster.requestFails(PROJECT, name);
    await cluster.untilStatus(PROJECT, name, { phase: 'Creating' });

    const { uid, annotations } = stored.metadata;
    const [job, ...more] = await jobs(PROJECT, uid);
    expect(more).toEqual([]);
    expect(job.metadata).toMatchObject({
      name: `session-${uid}-${number}`,
      annotations: { [STARTED]: annotations?.[STARTED], [EXPIRES]: expect.stringMatching(/^20/) },
    });
    const run = runOf(stored, number);
    for (const kind of ['ServiceAccount', 'Role', 'RoleBinding'] as const) {
      const { body } = await admin.get(`${PATHS[kind](PROJECT)}/session-${uid}-${number}`);
      expect(body, kind).toMatchObject({ ...run[kind], metadata: { name: `session-${uid}-${number}` } });
    }
    const { body: secret } = await admin.get(`${PATHS.Secret(PROJECT)}/session-${uid}-${number}`);
    expect(Object.keys(secret.data)).toEqual(['token']);
    const { body: account } = await admin.get(`${PATHS.ServiceAccount(PROJECT)}/session-${uid}-${number}`);
    expect(account.metadata.annotations[SECRET_UID]).toBe(secret.metadata.uid);
    expect(await conditions(PROJECT, name)).toMatchObject({ RunCreated: { status: 'True' } });
    expect(replica.done('createRunObject').filter(({ object }) => object.name?.includes(uid))).toHaveLength(
      made,
    );
  });

  it('gets a token that is good for its own status alone', async () => {
    const stored = await startedSession(PROJECT, 'token');
    await cluster.requestFails(PROJECT, 'token');
    await cluster.untilStatus(PROJECT, 'token', { phase: 'Creating' });
    const { body } = await admin.get(`${PATHS.Secret(PROJECT)}/session-${stored.metadata.uid}-1`);
    const review = await admin.post('/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token: Buffer.from(body.data.token, 'base64').toString() },
    });
    expect(review.body.status).toMatchObject({
      authenticated: true,
      user: { username: `system:serviceaccount:${PROJECT}:session-${stored.metadata.uid}-1` },
    });
  });

  it('is left to its request for a while, but not where the request has said that it failed', async () => {
    const asked = await startedSession(PROJECT, 'waits');
    const failed = await startedSession(PROJECT, 'failed');
    await cluster.requestFails(PROJECT, 'failed');
    await cluster.untilStatus(PROJECT, 'failed', { phase: 'Creating' });
    expect(await jobs(PROJECT, failed.metadata.uid)).toHaveLength(1);
    expect(await jobs(PROJECT, asked.metadata.uid)).toHaveLength(0);
  });

  it('is not made good for what was said of an earlier start', async () => {
    const early = new Date(Date.now() + 60_000).toISOString();
    const stored = await startedSession(PROJECT, 'earlier', { annotations: { [STARTED]: early } });
    await cluster.requestFails(PROJECT, 'earlier');
    await startedSession(PROJECT, 'marker');
    await cluster.requestFails(PROJECT, 'marker');
    await cluster.untilStatus(PROJECT, 'marker', { phase: 'Creating' });
    expect(await jobs(PROJECT, stored.metadata.uid)).toHaveLength(0);
  });

  it('is not made where nobody has asked for it, or not in a project', async () => {
    await putProject(admin, 'not-managed', { labels: {} });
    const outside = await startedSession('not-managed', 'outside');
    const unasked = await startedSession(PROJECT, 'unasked', {
      annotations: { 'ambient-code.io/desired-phase': 'running' },
    });
    const asked = await startedSession(PROJECT, 'asked');
    for (const [project, name] of [
      ['not-managed', 'outside'],
      [PROJECT, 'unasked'],
      [PROJECT, 'asked'],
    ] as const)
      await cluster.requestFails(project, name);
    await eventually(async () => expect(await jobs(PROJECT, asked.metadata.uid)).toHaveLength(1));
    await cluster.untilStatus(PROJECT, 'unasked', { observedGeneration: 1 });
    expect(await jobs(PROJECT, unasked.metadata.uid)).toEqual([]);
    expect(await jobs('not-managed', outside.metadata.uid)).toEqual([]);
    expect((await session('not-managed', 'outside')).status).not.toHaveProperty('observedGeneration');
    const elsewhere = replica.acts.filter(({ object }) => object.namespace !== PROJECT);
    expect(elsewhere).toEqual([]);
  });
});

it('a run that nobody has made is made good after a while, whatever became of the request', async () => {
  const cluster = await inTest(startControlledCluster);
  await cluster.project(PROJECT);
  const { metadata } = await cluster.startedSession(PROJECT, 'forgotten');
  await cluster.startReplica({ timings: TIMINGS });
  await cluster.untilStatus(PROJECT, 'forgotten', { phase: 'Creating' });
  expect(await cluster.jobs(PROJECT, metadata.uid)).toHaveLength(1);
});

describe('a child that is not exactly what Writ would make', () => {
  const cluster = startControlledCluster();
  const { admin, startedSession, jobs, conditions } = cluster;
  // It lives: what an owner that is not there leaves, Kubernetes itself would clear away.
  let other: Parameters<typeof ownedBy>[0];
  beforeAll(async () => {
    await cluster.project(PROJECT);
    other = await putSession(admin, PROJECT, 'other');
    await cluster.startReplica({ timings: PATIENT });
  });
  // biome-ignore lint/suspicious/noExplicitAny: any object
  type Change = (child: any) => void;
  const owners: Change = ({ metadata }) => {
    Object.assign(metadata, controlledBy(other));
  };
  const secondOwner: Change = ({ metadata }) => {
    metadata.ownerReferences.push(...ownedBy(other).ownerReferences);
  };
  const notController: Change = ({ metadata }) => {
    metadata.ownerReferences[0].controller = false;
  };

  const FORGED: [string, RunKind, Change][] = [
    ...(['Secret', 'ServiceAccount', 'Role', 'RoleBinding', 'Job'] as const).flatMap(
      (kind): [string, RunKind, Change][] => [
        [`a ${kind} of another owner`, kind, owners],
        [`a ${kind} with a second owner`, kind, secondOwner],
        [`a ${kind} that is only a dependent`, kind, notController],
      ],
    ),
    [
      'a Role with another verb',
      'Role',
      (role) => {
        role.rules[0].verbs.push('update');
      },
    ],
    [
      'a Role for every session',
      'Role',
      (role) => {
        delete role.rules[0].resourceNames;
      },
    ],
    [
      'a RoleBinding to a ClusterRole',
      'RoleBinding',
      (binding) => {
        binding.roleRef = {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: 'ambient-project-admin',
        };
      },
    ],
    [
      'a RoleBinding with a second subject',
      'RoleBinding',
      (binding) => {
        binding.subjects.push({ kind: 'ServiceAccount', name: 'default', namespace: PROJECT });
      },
    ],
    [
      'a service account whose token is mounted',
      'ServiceAccount',
      (account) => {
        account.automountServiceAccountToken = true;
      },
    ],
    [
      'a service account with rights in a cloud',
      'ServiceAccount',
      (account) => {
        account.metadata.annotations['eks.amazonaws.com/role-arn'] = 'arn:aws:iam::1:role/admin';
      },
    ],
    [
      'a service account with a pull secret',
      'ServiceAccount',
      (account) => {
        account.imagePullSecrets = [{ name: 'registry' }];
      },
    ],
  ];

  it.each(FORGED.map((row, index) => [...row, index] as const))(
    '%s: is not taken up; the session says so and nothing runs',
    async (_, kind, change, index) => {
      const name = `forged-${index}`;
      const stored = await startedSession(PROJECT, name);
      const child = runOf(stored)[kind];
      change(child);
      expect((await admin.post(PATHS[kind](PROJECT), child)).status).toBe(201);
      await cluster.requestFails(PROJECT, name);
      // Of a Secret nothing is known: the run gets the next number. What is not its own is not deleted either way.
      const refused = { RunCreated: { status: 'False', reason: 'NotOwned' } };
      const expected = kind === 'Secret' ? { RunCreated: { status: 'True' } } : refused;
      await eventually(async () => expect(await conditions(PROJECT, name)).toMatchObject(expected));
      const own = (await jobs(PROJECT, stored.metadata.uid)).filter(
        (job: { metadata: { ownerReferences: unknown[] } }) =>
          JSON.stringify(job.metadata.ownerReferences) ===
          JSON.stringify(runOf(stored).Job.metadata.ownerReferences),
      );
      const names = own.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
      expect(names).toEqual(kind === 'Secret' ? [`session-${stored.metadata.uid}-2`] : []);
      const { status } = await admin.get(`${PATHS[kind](PROJECT)}/${child.metadata.name}`);
      expect(status).toBe(200);
    },
  );

  it('a Secret of the run is made anew, so that nothing that was in it counts', async () => {
    const stored = await startedSession(PROJECT, 'stale-secret');
    const planted = {
      ...runOf(stored).Secret,
      data: { token: 'b2xk', extra: 'eA==' },
      immutable: true,
    };
    const { metadata } = await admin.create(PATHS.Secret(PROJECT), planted);
    await admin.create(PATHS.ServiceAccount(PROJECT), ofSecret(runOf(stored).ServiceAccount, metadata.uid));
    await cluster.requestFails(PROJECT, 'stale-secret');
    await cluster.untilStatus(PROJECT, 'stale-secret', { phase: 'Creating' });
    const { body } = await admin.get(`${PATHS.Secret(PROJECT)}/session-${stored.metadata.uid}-1`);
    expect(Object.keys(body.data)).toEqual(['token']);
    expect(body.data.token).not.toBe('b2xk');
  });
});

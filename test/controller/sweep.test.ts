import { beforeAll, describe, expect, it } from 'vitest';
import type { AgenticSession } from '../../src/model/session.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { jobEnd, SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { CONTROLLER } from '../support/test-cluster.ts';
import {
  ago,
  leftBehind,
  ofSecret,
  PATHS,
  RUN_KINDS,
  runOf,
  startControlledCluster,
  TIMINGS,
} from './fixture.ts';

const PROJECT = 'sweep';
// biome-ignore lint/suspicious/noExplicitAny: any object
type AnyChild = any;
const ENDED = { startTime: ago(60), ...jobEnd('Complete', ago(1)) };
const SOME_UID = '5e551000-0000-4000-8000-0000000000bb';

describe('the orphan sweep', () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await putProject(admin, 'elsewhere', { labels: {} });
  });

  const LOOK_ALIKES: [string, (child: AnyChild, live: AgenticSession) => void][] = [
    [
      'of a session that lives',
      (child, live) => {
        child.metadata.name = `session-${live.metadata.uid}-9`;
        Object.assign(child.metadata.ownerReferences[0], {
          uid: live.metadata.uid,
          name: live.metadata.name,
        });
      },
    ],
    [
      'of a session that lives, under a wrong name of it',
      (child, live) => {
        child.metadata.name = `session-${live.metadata.uid}-8`;
        Object.assign(child.metadata.ownerReferences[0], { uid: live.metadata.uid, name: 'no-such-session' });
      },
    ],
    [
      'with the labels of a gone session alone',
      (child) => {
        child.metadata.name = 'look-alike-labels';
        delete child.metadata.ownerReferences;
      },
    ],
    [
      'with the owner alone',
      (child) => {
        child.metadata.name = 'look-alike-owner';
      },
    ],
    [
      'of a session that lives, without an owner',
      (child, live) => {
        child.metadata.name = `session-${live.metadata.uid}-11`;
        delete child.metadata.ownerReferences;
      },
    ],
    [
      'with a name around the UID',
      (child) => {
        child.metadata.name = `my-${child.metadata.name}`;
      },
    ],
    [
      'with a name around the UID, without an owner',
      (child) => {
        child.metadata.name = `my-own-${child.metadata.name}`;
        delete child.metadata.ownerReferences;
      },
    ],
    [
      'without an owner and with a number that no run has',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-0');
        delete child.metadata.ownerReferences;
      },
    ],
    [
      'in a namespace that is no project, without an owner',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-12');
        child.metadata.namespace = 'elsewhere';
        delete child.metadata.ownerReferences;
      },
    ],
    [
      'with a name without a number',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '');
      },
    ],
    [
      'with another UID in its name than its owner\u2019s',
      (child) => {
        child.metadata.name = `session-${SOME_UID}-2`;
      },
    ],
    [
      'with an owner of another kind',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-3');
        child.metadata.ownerReferences[0].kind = 'ProjectSettings';
      },
    ],
    [
      'with an owner of another API group',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-4');
        child.metadata.ownerReferences[0].apiVersion = 'vteam.ambient-code.example/v1alpha1';
      },
    ],
    [
      'with an owner that does not control it',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-5');
        child.metadata.ownerReferences[0].controller = false;
      },
    ],
    [
      'that keeps its owner from being deleted, which the policies let nobody of Writ touch',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-10');
        child.metadata.ownerReferences[0].blockOwnerDeletion = true;
      },
    ],
    [
      'with a second owner',
      (child, live) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-6');
        const { apiVersion, kind } = child.metadata.ownerReferences[0];
        child.metadata.ownerReferences.push({
          apiVersion,
          kind,
          name: live.metadata.name,
          uid: live.metadata.uid,
        });
      },
    ],
    [
      'with an owner whose name is none',
      (child) => {
        child.metadata.name = child.metadata.name.replace(/-1$/, '-7');
        child.metadata.ownerReferences[0].name = '../agenticsessions';
      },
    ],
    [
      'in a namespace that is no project',
      (child) => {
        child.metadata.namespace = 'elsewhere';
      },
    ],
  ];

  it('deletes what is a gone session\u2019s, and nothing that only looks so', async () => {
    const live = await putSession(admin, PROJECT, 'lives');
    const gone = await putSession(admin, PROJECT, 'gone');
    const reborn = await putSession(admin, PROJECT, 'reborn');
    const kept: string[] = [];
    const orphans: string[] = [];
    const secretUids = new Map<string, string>();
    for (const kind of RUN_KINDS) {
      // The last is as an orphaning deletion of the session leaves it.
      const left = [runOf(gone), runOf(reborn), runOf(gone, 13)].map((run) => leftBehind(run[kind]));
      delete left[2].metadata.ownerReferences;
      for (const child of left) {
        const { name } = child.metadata;
        const isAccount = kind === 'ServiceAccount';
        const object = isAccount ? ofSecret(child, secretUids.get(name) ?? '') : child;
        const { metadata } = await admin.create(PATHS[kind](PROJECT), object);
        if (kind === 'Secret') secretUids.set(name, metadata.uid);
        orphans.push(`${PATHS[kind](PROJECT)}/${name}`);
      }
      for (const [, change] of LOOK_ALIKES) {
        const child = leftBehind(runOf(gone)[kind]);
        change(child, live);
        const path = PATHS[kind](child.metadata.namespace);
        if (kind === 'RoleBinding') child.roleRef.name = 'any';
        await admin.create(path, child);
        kept.push(`${path}/${child.metadata.name}`);
        // A Job of a session that lives is its run, and would be stopped if it had not ended.
        if (kind === 'Job') await cluster.setStatus(`${path}/${child.metadata.name}`, ENDED);
      }
    }
    const before = new Map<string, string>();
    for (const path of kept) before.set(path, (await admin.get(path)).body.metadata.resourceVersion);
    for (const name of ['gone', 'reborn']) await admin.delete(`${SESSIONS(PROJECT)}/${name}`);
    await putSession(admin, PROJECT, 'reborn');

    const replica = await cluster.startReplica();
    for (const path of orphans)
      await eventually(async () =>
        expect(
          (await admin.get(path)).body.metadata?.deletionTimestamp ?? (await admin.get(path)).status,
          path,
        ).not.toBe(200),
      );
    // Another orphan, found and deleted after all of them: the sweep has passed over the look-alikes since.
    const later = await putSession(admin, PROJECT, 'later');
    const marker = leftBehind(runOf(later).ServiceAccount);
    await admin.create(PATHS.ServiceAccount(PROJECT), marker);
    await admin.delete(`${SESSIONS(PROJECT)}/later`);
    const markerPath = `${PATHS.ServiceAccount(PROJECT)}/${marker.metadata.name}`;
    await eventually(async () => expect((await admin.get(markerPath)).status).toBe(404));

    const changed = [];
    for (const path of kept) {
      const { status, body } = await admin.get(path);
      if (status !== 200 || body.metadata.resourceVersion !== before.get(path)) changed.push(path);
    }
    process.stdout.write(
      `orphan sweep: ${orphans.length} orphans deleted, ${kept.length - changed.length} of ${kept.length} look-alikes unchanged\n`,
    );
    expect(changed).toEqual([]);
    expect(new Set(replica.acts.map(({ act }) => act))).toEqual(
      new Set(['deleteOrphan', 'updateSessionStatus']),
    );
  });
});

it('the orphan sweep waits for its grace', async () => {
  const cluster = await inTest(startControlledCluster);
  const { admin, sandbox } = cluster;
  await cluster.project(PROJECT);
  const session = await putSession(admin, PROJECT, 'early');
  const child = leftBehind(runOf(session).ServiceAccount);
  await admin.create(PATHS.ServiceAccount(PROJECT), child);
  await admin.delete(`${SESSIONS(PROJECT)}/early`);
  await cluster.startReplica({ timings: { ...TIMINGS, sweep: { everyMs: 5, graceMs: 3_600_000 } } });
  const lists = () =>
    sandbox.requests.filter(
      ({ verb, resource, user }) => verb === 'list' && resource === 'serviceaccounts' && user === CONTROLLER,
    ).length;
  await eventually(() => expect(lists()).toBeGreaterThan(5));
  expect((await admin.get(`${PATHS.ServiceAccount(PROJECT)}/${child.metadata.name}`)).status).toBe(200);
});

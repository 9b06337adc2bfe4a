import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { ControllerAct } from '../../src/controller/session/reconcile-client.ts';
import { type AuditEvent, readAuditLog } from '../cluster/audit-log.ts';
import {
  ago,
  DESIRED,
  EXPIRES,
  leftBehind,
  ofSecret,
  PATHS,
  type Replica,
  RUN_KINDS,
  runOf,
  runTemplate,
  STOPPED,
  startControlledCluster,
  TIMINGS,
} from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { JOBS, jobEnd, SESSIONS, session } from '../support/objects.ts';
import { putSession } from '../support/put-objects.ts';
import { type Atom, atomOf, atomsOf, HELD_TO_GRANT } from '../support/rbac-atoms.ts';
import { putSchedule } from '../support/schedules.ts';

const PROJECT = 'duties';
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const KEY_SECRET = '/api/v1/namespaces/writ-system/secrets/writ-key';

/** Which of the cluster's records an act is. */
const WRITES: Record<ControllerAct, RegExp> = {
  updateSessionStatus: /^patch agenticsessions\/status$/,
  setDesiredPhase: /^patch agenticsessions$/,
  createRunObject: /^create (secrets|serviceaccounts|roles|rolebindings|jobs)$/,
  mintRunToken: /^create serviceaccounts\/token$/,
  storeRunToken: /^patch secrets$/,
  deleteJob: /^delete jobs$/,
  deleteRunObject: /^delete (secrets|serviceaccounts|roles|rolebindings)$/,
  deleteOrphan: /^delete (secrets|serviceaccounts|roles|rolebindings|jobs)$/,
  createKeySecret: /^create secrets$/,
  noteActiveSessions: /^patch cronjobs$/,
  suspendSchedule: /^patch cronjobs$/,
  recordEvent: /^create events$/,
};

describe("the controller in the cluster's own audit log", () => {
  const { identities, auditLog } = inject('cluster');
  const cluster = startControlledCluster();
  const { admin } = cluster;
  const own = cluster.sandbox.as('controller');
  let events: AuditEvent[] = [];
  let replica: Replica;

  /** A session for each of its duties. */
  beforeAll(async () => {
    await cluster.project(PROJECT);
    await admin.delete(KEY_SECRET);
    const since = readAuditLog(auditLog).length;
    replica = await cluster.startReplica({
      runners: { mode: 'job', template: { ...runTemplate, ttlSecondsAfterFinished: 1 } },
      // No run has a pod here, so it reads the events of all.
      timings: { ...TIMINGS, events: { delayMs: 20, spacingMs: 100 } },
    });

    await eventually(() => expect(replica.done('createKeySecret')).toHaveLength(1));

    const renewed = await cluster.startedSession(PROJECT, 'renewed', { spec: { timeout: 3_600 } });
    await cluster.untilStatus(PROJECT, 'renewed', { phase: 'Creating' });
    const { metadata } = renewed;
    await admin.patch(`${JOBS(PROJECT)}/session-${metadata.uid}-1`, {
      metadata: { annotations: { [EXPIRES]: ago(1) } },
    });
    await cluster.setStatus(`${JOBS(PROJECT)}/session-${metadata.uid}-1`, { startTime: ago(5), active: 1 });
    await eventually(() => expect(replica.done('storeRunToken').length).toBeGreaterThan(1));

    await cluster.startedSession(PROJECT, 'stopped');
    await cluster.untilStatus(PROJECT, 'stopped', { phase: 'Creating' });
    await cluster.annotate(PROJECT, 'stopped', { [DESIRED]: 'Stopped', [STOPPED]: new Date().toISOString() });
    await cluster.untilStatus(PROJECT, 'stopped', { phase: 'Stopped' });

    const ended = await cluster.startedSession(PROJECT, 'ended');
    await cluster.untilStatus(PROJECT, 'ended', { phase: 'Creating' });
    await cluster.setStatus(`${JOBS(PROJECT)}/session-${ended.metadata.uid}-1`, {
      startTime: ago(5),
      ...jobEnd('Complete', ago(0)),
    });
    await cluster.untilStatus(PROJECT, 'ended', { phase: 'Completed' });
    await eventually(async () => expect(await cluster.jobs(PROJECT, ended.metadata.uid)).toEqual([]));

    const schedule = await putSchedule(cluster.sandbox, PROJECT, 'ownerless', { ownedBy: 'mallory' });
    const annotations = { 'ambient-code.io/schedule-uid': schedule.uid, [DESIRED]: 'Running' };
    await cluster.sandbox
      .as('backend')
      .create(SESSIONS(PROJECT), session('scheduled', { metadata: { name: 'scheduled', annotations } }));
    await eventually(() => {
      expect(replica.done('noteActiveSessions')).not.toEqual([]);
      expect(replica.done('suspendSchedule')).toHaveLength(1);
    });

    const gone = await putSession(admin, PROJECT, 'gone');
    const orphans = RUN_KINDS.map((kind) => ({
      path: PATHS[kind](PROJECT),
      child: leftBehind(runOf(gone)[kind]),
    }));
    // As an orphaning deletion leaves them.
    for (const kind of RUN_KINDS) {
      const child = runOf(gone, 2)[kind];
      delete child.metadata.ownerReferences;
      orphans.push({ path: PATHS[kind](PROJECT), child });
    }
    // Of a session that is there they would be left of a run, and no orphans.
    await admin.delete(`${SESSIONS(PROJECT)}/gone`);
    let secretUid = '';
    for (const { path, child } of orphans) {
      const isAccount = child.kind === 'ServiceAccount';
      const { kind, metadata } = await admin.create(path, isAccount ? ofSecret(child, secretUid) : child);
      if (kind === 'Secret') secretUid = metadata.uid;
    }
    await eventually(() => expect(replica.done('deleteOrphan')).toHaveLength(orphans.length));
    await replica.close();
    events = readAuditLog(auditLog)
      .slice(since)
      .filter(({ user }) => user.username === identities.controller.username);
  });

  const isRead = ({ verb }: AuditEvent) => ['get', 'list', 'watch'].includes(verb);
  const whatOf = ({ verb, objectRef = {} }: AuditEvent) =>
    `${verb} ${objectRef.resource}${objectRef.subresource ? `/${objectRef.subresource}` : ''}`;
  /** It asks so whether a Secret or a Job could be created. */
  const isDryRun = ({ verb, requestURI }: AuditEvent) =>
    verb === 'create' && requestURI.includes('dryRun=All');
  /** Of the owner of a schedule. It stores nothing. */
  const isReview = ({ objectRef }: AuditEvent) => objectRef?.resource === 'localsubjectaccessreviews';
  const isOfLease = ({ objectRef }: AuditEvent) => objectRef?.resource === 'leases';

  it('has used exactly the rights that it holds, but one that is held to be granted', async () => {
    const rules = await Promise.all(
      [
        `${RBAC}/clusterroles/writ-controller`,
        `${RBAC}/clusterroles/writ-controller-project`,
        `${RBAC}/namespaces/writ-system/roles/writ-controller`,
      ].map(async (path) => (await admin.get(path)).body.rules),
    );
    const withoutName = (atom: Atom) => atom.replace(/ writ-controller$/, '');
    const held = rules.flatMap((each) => atomsOf(each).map(withoutName));
    const used = events
      .filter(({ responseStatus }) => responseStatus?.code !== 403)
      .map(({ verb, objectRef: { apiGroup = '', resource = '', subresource } = {} }) =>
        atomOf(verb, apiGroup, subresource ? `${resource}/${subresource}` : resource),
      );
    process.stdout.write(
      `the controller holds ${new Set(held).size} rights, of which its duties used ${new Set(used).size}\n`,
    );
    expect([...new Set(held)].sort()).toEqual([...new Set([...used, ...HELD_TO_GRANT])].sort());
  });

  it('was refused nothing', () => {
    expect(events.filter(({ responseStatus }) => responseStatus?.code === 403).map(whatOf)).toEqual([]);
  });

  it('has read no Secret, and nothing outside of projects but what it watches', () => {
    const reads = events.filter(isRead).filter((event) => !isOfLease(event));
    expect(reads.filter(({ objectRef }) => objectRef?.resource === 'secrets')).toEqual([]);
    const elsewhere = reads.filter(({ objectRef }) => objectRef?.namespace === undefined).map(whatOf);
    expect(new Set(elsewhere)).toEqual(
      new Set(
        ['namespaces', 'projectsettings', 'agenticsessions', 'jobs', 'cronjobs', 'pods'].flatMap(
          (resource) => [`list ${resource}`, `watch ${resource}`],
        ),
      ),
    );
  });

  it('has created the shared key in its own namespace', async () => {
    const { status, body } = await admin.get(KEY_SECRET);
    expect(status).toBe(200);
    const key = Buffer.from(Buffer.from(body.data.key, 'base64').toString(), 'base64');
    expect([body.type, Object.keys(body.data), key.length]).toEqual(['Opaque', ['key'], 32]);
    expect(new Set(key).size).toBeGreaterThan(16);
  });

  it('leaves a shared key that exists as it is', async () => {
    const { body: before } = await admin.get(KEY_SECRET);
    const next = await cluster.startReplica();
    await eventually(() => expect(next.keyActs.map(({ outcome }) => outcome)).toEqual(['failed']));
    await next.close();
    expect(next.keyActs).toHaveLength(1);
    expect((await admin.get(KEY_SECRET)).body).toEqual(before);
  });

  it('has written in projects alone, apart from the shared key, and each write is a line of its own log', () => {
    const writes = events.filter(
      (event) => !isRead(event) && !isOfLease(event) && !isDryRun(event) && !isReview(event),
    );
    const projects = ['demo', 'research', PROJECT];
    const elsewhere = writes.filter(({ objectRef }) => !projects.includes(objectRef?.namespace ?? ''));
    expect(elsewhere.map((event) => `${whatOf(event)} ${event.objectRef?.name}`)).toEqual([
      'create secrets writ-key',
    ]);
    const acts = [...replica.keyActs, ...replica.eventActs, ...replica.acts].map(({ act, requestId }) => ({
      act,
      requestId,
    }));
    const unsaid = writes.filter((event) => {
      const requestId = event.auditID.split('.')[0];
      const index = acts.findIndex(
        (act) => act.requestId === requestId && WRITES[act.act].test(whatOf(event)),
      );
      if (index >= 0) acts.splice(index, 1);
      return index < 0;
    });
    process.stdout.write(
      `audit log: ${events.length} calls of the controller, ${writes.length} writes, ${[...replica.acts, ...replica.keyActs, ...replica.eventActs].length} acts, ${unsaid.length} not logged by it\n`,
    );
    expect(unsaid.map(whatOf)).toEqual([]);
    expect(acts).toEqual([]);
    const logged = [...replica.keyActs, ...replica.eventActs, ...replica.acts];
    expect(new Set(logged.map(({ act }) => act))).toEqual(new Set(Object.keys(WRITES)));
  });

  it('has asked for the session, or for all, before it made or deleted what belongs to a run', () => {
    const turns = Map.groupBy(events, ({ auditID }) => auditID.split('.')[0]);
    const unasked = events
      .filter((event) => event.objectRef?.name !== 'writ-key' && !isDryRun(event))
      .filter((event) => WRITES.createRunObject.test(whatOf(event)) || isOrphanDeleted(event))
      .filter(({ auditID, requestReceivedTimestamp }) => {
        const turn = turns.get(auditID.split('.')[0]) ?? [];
        return !turn.some(
          (event) =>
            /^(get|list) agenticsessions$/.test(whatOf(event)) &&
            event.stageTimestamp <= requestReceivedTimestamp,
        );
      });
    expect(unasked.map(whatOf)).toEqual([]);
  });

  function isOrphanDeleted({ auditID, verb }: AuditEvent): boolean {
    const requestId = auditID.split('.')[0];
    return (
      verb === 'delete' &&
      replica.acts.some((act) => act.act === 'deleteOrphan' && act.requestId === requestId)
    );
  }

  it.each([
    ['read a Secret', `/api/v1/namespaces/${PROJECT}/secrets/ambient-runner-secrets`],
    ['list Secrets', `/api/v1/namespaces/${PROJECT}/secrets`],
    ['read the shared key', KEY_SECRET],
    ['list all Secrets', '/api/v1/secrets'],
    ['read the logs of a run', `/api/v1/namespaces/${PROJECT}/pods/any/log`],
    ['read a session where it is not bound', `${SESSIONS('default')}/any`],
    ['read ConfigMaps of Writ', '/api/v1/namespaces/writ-system/configmaps'],
  ])('may not %s', async (_, path) => {
    expect((await own.get(path)).status).toBe(403);
  });

  it.each([
    ['create a session', SESSIONS(PROJECT), { metadata: { name: 'x' } }],
    [
      'create another Secret beside the shared key',
      KEY_SECRET.replace(/\/writ-key$/, ''),
      { metadata: { name: 'x' } },
    ],
    ['create a pod', `/api/v1/namespaces/${PROJECT}/pods`, { metadata: { name: 'x' } }],
    ['make a run where it is not bound', JOBS('default'), { metadata: { name: 'x' } }],
    ['mint its own token', '/api/v1/namespaces/writ-system/serviceaccounts/writ-controller/token', {}],
    ["mint the API's token", '/api/v1/namespaces/writ-system/serviceaccounts/writ-api/token', {}],
    ['give itself a role', `${RBAC}/clusterrolebindings`, { metadata: { name: 'x' } }],
    ['take another lease', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases', {}],
  ])('may not %s', async (_, path, object) => {
    expect((await own.post(path, { spec: {}, ...object })).status).toBe(403);
  });
});

import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, TestRunner } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { type ControllerOptions, createController } from '../../src/controller/controller.ts';
import type { ControllerActRecord } from '../../src/controller/session/reconcile-client.ts';
import type { ControllerTimings } from '../../src/controller/timings.ts';
import type { ClusterEndpoint } from '../../src/kubernetes/connection/endpoint.ts';
import type { AgenticSession } from '../../src/model/session.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { buildRun } from '../../src/sessions/run/build-run.ts';
import { readStoredSession } from '../../src/sessions/run/read-stored-session.ts';
import { eventually } from '../support/eventually.ts';
import { DESCRIBE } from '../support/hooks.ts';
import { CORE, containerStatuses, JOBS, jobEnd, RBAC, SESSIONS } from '../support/objects.ts';
import { putProject, putSession, putStatus } from '../support/put-objects.ts';
import { isRealCluster, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';
import { startGate } from './gate.ts';

/** Short, and in the same order as the real ones. */
export const TIMINGS: ControllerTimings = {
  watch: {
    pageSize: 3,
    timeoutSeconds: { min: 1, max: 2 },
    idleMs: 5_000,
    backoff: { baseMs: 5, maxMs: 100 },
  },
  // Not short: no other replica waits for it, and on a busy machine it must not be lost.
  lease: { seconds: 3_600, renewMs: 200, retryMs: 50 },
  queue: { concurrency: 4, spacingMs: 5, backoff: { baseMs: 10, maxMs: 2_000 } },
  createAfterMs: 100,
  repairAfterMs: 100,
  giveUpMs: 3_600_000,
  sweep: { everyMs: 30, graceMs: 60 },
  events: { delayMs: 3_600_000, spacingMs: 3_600_000 },
  token: { renewAtFraction: 0.8, spacingMs: 50 },
  forbiddenWatch: { baseMs: 20, maxMs: 100 },
  keyRetryMs: 20,
  schedules: { reviewEveryMs: 30, spacingMs: 10, confirmMs: 10 },
};

/** A run that is missing is left to whoever makes it, until {@link controlled}'s `requestFails` says otherwise. */
export const PATIENT: ControllerTimings = {
  ...TIMINGS,
  createAfterMs: 3_600_000,
  repairAfterMs: 3_600_000,
};

export const { template: runTemplate } = readConfig({}).runners;
export const DESIRED = 'ambient-code.io/desired-phase';
export const STARTED = 'ambient-code.io/start-requested-at';
export const STOPPED = 'ambient-code.io/stop-requested-at';
/** On a Job: when the token expires that its run was created with. */
export const EXPIRES = 'ambient-code.io/token-expires-at';
/** On a service account: the UID of its run's Secret. */
export const SECRET_UID = 'ambient-code.io/secret-uid';

type ControlledCluster = ReturnType<typeof controlled>;
export type Replica = Awaited<ReturnType<ControlledCluster['startReplica']>>;
type Fields = Record<string, unknown>;

/** A cluster in which nothing moves but what a test and controllers move: the sandbox, or a real one. */
export function startControlledCluster(options: SandboxOptions = {}, hooks = DESCRIBE) {
  return controlled(startTestCluster({ demo: false, ...options }, hooks), hooks);
}

/** What tests do in a cluster that they have started otherwise. */
export function controlled(sandbox: TestCluster, hooks = DESCRIBE) {
  const admin = sandbox.as('admin');
  const closes: (() => Promise<unknown>)[] = [];
  hooks.afterAll(() => Promise.all(closes.map((close) => close())));

  /**
   * A replica with connections of its own. It ends with the test that starts it, or with the describe.
   *
   * @param reached how it reaches the cluster: through its gate if no other endpoint is given
   */
  async function startReplica(
    given: Partial<ControllerOptions> = {},
    reached: { endpoint?: ClusterEndpoint; maxResponseBytes?: number } = {},
  ) {
    const gate = await startGate(sandbox.server);
    const { endpoint = { server: gate.server, ca: sandbox.ca }, ...limits } = reached;
    const connect = (connections: number) =>
      transportTo(endpoint, { userAgent: 'writ-controller/test', connections, ...limits });
    const transports = { lease: connect(1), watches: connect(16), calls: connect(16) };
    const acts: ControllerActRecord[] = [];
    /** The acts that are about no session. */
    const keyActs: ControllerActRecord[] = [];
    /** Events are told about what other acts do, at a time that no test decides. */
    const eventActs: ControllerActRecord[] = [];
    const problems: Fields[] = [];
    const note = (fields: object) => void problems.push(fields as Fields);
    const listOf = ({ act }: ControllerActRecord) =>
      act === 'createKeySecret' ? keyActs : act === 'recordEvent' ? eventActs : acts;
    const noteAct = (record: ControllerActRecord) => void listOf(record).push(record);
    const audit = { info: (record: object) => noteAct(record as ControllerActRecord) };
    const quiet = { info: () => {}, warn: note, error: note };
    const controller = createController({
      transports,
      credential: async () => `Bearer ${sandbox.identities.controller.token}`,
      runners: { mode: 'job', template: runTemplate },
      logger: { ...quiet, child: () => ({ ...quiet, ...audit, child: () => ({ ...quiet, child: never }) }) },
      identity: randomUUID(),
      namespace: 'writ-system',
      scheduleOwnerMaxAgeDays: 90,
      timings: TIMINGS,
      ...given,
    });
    await controller.start();
    let closed: Promise<unknown> | undefined;
    const close = () => {
      closed ??= controller
        .close()
        .then(() => Promise.all(Object.values(transports).map((each) => each.destroy())))
        .then(() => gate.close());
      return closed;
    };
    if (TestRunner.getCurrentTest()) onTestFinished(async () => void (await close()));
    else closes.push(close);
    return {
      controller,
      acts,
      keyActs,
      eventActs,
      problems,
      gate,
      close,
      /** Acts that the cluster has carried out. */
      done: (act: ControllerActRecord['act']) =>
        [...keyActs, ...acts].filter((record) => record.act === act && record.outcome === 'done'),
    };
  }

  /** A session that somebody has asked to run, and nothing more. */
  async function startedSession(
    namespace: string,
    name: string,
    { annotations = {}, ...more }: { annotations?: Fields; spec?: Fields; status?: Fields } = {},
  ): Promise<AgenticSession> {
    const metadata = {
      annotations: { [DESIRED]: 'Running', [STARTED]: new Date().toISOString(), ...annotations },
    };
    return putSession(admin, namespace, name, { metadata, ...more });
  }

  const session = async (namespace: string, name: string) =>
    (await admin.get(`${SESSIONS(namespace)}/${name}`)).body;
  const jobs = async (namespace: string, uid: string) =>
    (await admin.get(JOBS(namespace))).body.items.filter((job: { metadata: { name: string } }) =>
      job.metadata.name.startsWith(`session-${uid}-`),
    );

  return {
    sandbox,
    admin,
    startReplica,
    project: (name: string) => putProject(admin, name),
    startedSession,
    session,
    jobs,
    /** Changes what is stored of a session. */
    async annotate(namespace: string, name: string, annotations: Fields) {
      const { status } = await admin.patch(`${SESSIONS(namespace)}/${name}`, { metadata: { annotations } });
      expect(status).toBe(200);
    },
    /** What a request says of itself that could not make the run. */
    async requestFails(namespace: string, name: string) {
      const lastTransitionTime = new Date().toISOString();
      const condition = { type: 'RunCreated', status: 'False', reason: 'UNAVAILABLE', lastTransitionTime };
      await putStatus(admin, `${SESSIONS(namespace)}/${name}`, { conditions: [condition] });
    },
    setStatus: (path: string, status: Fields) => putStatus(admin, path, status),
    /** As the request that starts a session does, down to the Job. */
    async makeRun(stored: AgenticSession, secret: Fields = {}, number = 1, annotations: Fields = {}) {
      const run = runOf(stored, number);
      const { namespace = '' } = stored.metadata;
      const name = `session-${stored.metadata.uid}-${number}`;
      Object.assign(run.Job.metadata.annotations, { [EXPIRES]: ago(-2_592_000), ...annotations });
      for (const kind of RUN_KINDS) {
        const path = PATHS[kind](namespace);
        const { metadata } = await admin.create(path, run[kind]);
        if (kind !== 'Secret') continue;
        run.ServiceAccount = ofSecret(run.ServiceAccount, metadata.uid);
        await admin.patch(`${path}/${name}`, secret);
      }
      return name;
    },
    /** Ends a run as its runner does, where runs do not end by themselves meanwhile. */
    async finishRun(namespace: string, job: string) {
      const pods = CORE(namespace, 'pods');
      const terminated = { exitCode: 0, reason: 'Completed', startedAt: ago(1), finishedAt: ago(0) };
      const { items } = (await admin.get(`${pods}?labelSelector=job-name=${job}`)).body;
      for (const { metadata } of items)
        await putStatus(admin, `${pods}/${metadata.name}`, {
          phase: 'Succeeded',
          ...containerStatuses({ terminated }),
        });
      // The sandbox has no Job controller but its runner, which is still at work.
      if (!isRealCluster()) await putStatus(admin, `${JOBS(namespace)}/${job}`, jobEnd('Complete', ago(0)));
    },
    /** The conditions by their types. */
    async conditions(namespace: string, name: string) {
      const { status } = await session(namespace, name);
      const list: { type: string; status: string; reason: string; message: string }[] =
        status?.conditions ?? [];
      return Object.fromEntries(list.map((condition) => [condition.type, condition]));
    },
    /** Waits until the session's status has these fields. */
    async untilStatus(namespace: string, name: string, status: Fields) {
      await eventually(async () => expect((await session(namespace, name)).status).toMatchObject(status));
    },
  };
}

/** So many seconds ago, as Kubernetes writes times. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

export const PATHS = {
  Secret: (namespace: string) => CORE(namespace, 'secrets'),
  ServiceAccount: (namespace: string) => CORE(namespace, 'serviceaccounts'),
  Role: (namespace: string) => RBAC(namespace, 'roles'),
  RoleBinding: (namespace: string) => RBAC(namespace, 'rolebindings'),
  Job: JOBS,
} as const;
export type RunKind = keyof typeof PATHS;
/** In the order in which a run is made. */
export const RUN_KINDS = Object.keys(PATHS) as RunKind[];

/** What Writ would make. */
// biome-ignore lint/suspicious/noExplicitAny: any object
export function runOf(stored: AgenticSession, number = 1): Record<RunKind, any> {
  const run = buildRun(readStoredSession(stored, runTemplate), number, runTemplate, {
    requestId: 'a-request',
  });
  return {
    Secret: run.secret,
    ServiceAccount: run.serviceAccount,
    Role: run.role,
    RoleBinding: run.roleBinding,
    Job: run.job,
  };
}

/** A run's service account as it is created after the Secret with this UID. */
// biome-ignore lint/suspicious/noExplicitAny: any object
export function ofSecret(account: any, uid: string): any {
  const { metadata } = account;
  return {
    ...account,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [SECRET_UID]: uid } },
  };
}

/**
 * A run's object as Kubernetes' own collection leaves it: of an owner whose version is not served any more it can't be
 * told whether it is gone.
 */
// biome-ignore lint/suspicious/noExplicitAny: any object
export function leftBehind(child: unknown): any {
  const { metadata, ...rest } = structuredClone(child) as { metadata: { ownerReferences: Fields[] } };
  const ownerReferences = metadata.ownerReferences.map((owner) => ({
    ...owner,
    apiVersion: 'vteam.ambient-code/v1alpha0',
  }));
  return { ...rest, metadata: { ...metadata, ownerReferences } };
}

function never(): never {
  throw new Error('no logger of a logger of a logger');
}

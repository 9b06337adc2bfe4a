import { BadUserInput, Conflict } from '../errors.ts';
import { mergeOperations, type PatchOperation } from '../kubernetes/json-patch.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import {
  apiVersionOf,
  CRON_JOBS,
  type CronJob,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  SERVICE_ACCOUNTS,
} from '../kubernetes/resources.ts';
import { MANAGED_BY_WRIT, REQUEST_ID, REQUESTED_BY } from '../model/labels-and-annotations.ts';
import { isScheduledSession, SCHEDULE_OWNER, type ScheduleOwner } from '../model/schedule.ts';
import { scheduleAccountName } from '../model/schedule-account.ts';
import type { ActPerformer } from './act-performer.ts';
import {
  assertNewSchedule,
  assertScheduleChanges,
  type CronJobManifest,
  type ScheduleChanges,
} from './schedule-object.ts';

/** All annotations of an object have 256 KiB, most of which are the template's. */
const MAX_OWNER_BYTES = 64 * 1_024;

/** The acts of a Writ on one scheduled session: a CronJob, and the objects with which its pods call Writ. */
export class ScheduleActs {
  readonly #performer: ActPerformer;
  #created: CronJob | undefined;
  #hasCreated = false;

  constructor(performer: ActPerformer) {
    this.#performer = performer;
    Object.freeze(this);
  }

  /**
   * Creates the CronJob, once, and suspended: it has no rights yet. The Writ's subject becomes its owner. 409 (AlreadyExists)
   * if the name is in use.
   */
  async create(given: CronJobManifest): Promise<CronJob> {
    const manifest = structuredClone(given);
    const { namespace, name } = manifest.metadata;
    if (this.#hasCreated) throw new TypeError('a Writ creates one schedule');
    this.#assertTarget(namespace, name);
    assertNewSchedule(manifest);
    manifest.metadata.annotations[SCHEDULE_OWNER] = this.#owner();
    this.#hasCreated = true;
    this.#created = await this.#performer.perform(
      'createSchedule',
      { type: CRON_JOBS, name },
      (backend, context) => backend.create<CronJob>(context, CRON_JOBS, { namespace }, manifest),
    );
    return this.#created;
  }

  /**
   * Creates what the pods of the created schedule call Writ with: a ServiceAccount that may get its own CronJob, and nothing
   * else. All three objects are named after the CronJob's UID, and deleted with it.
   */
  async createAccount(): Promise<void> {
    const { metadata } = this.#createdSchedule();
    const name = scheduleAccountName(metadata.uid);
    const resourceNames = [metadata.name];
    const { group, resource } = CRON_JOBS;
    const subjects = [{ kind: SERVICE_ACCOUNTS.kind, name, namespace: metadata.namespace }];
    await this.#createOwned(SERVICE_ACCOUNTS, { automountServiceAccountToken: false });
    await this.#createOwned(ROLES, {
      rules: [{ apiGroups: [group], resources: [resource], resourceNames, verbs: ['get'] }],
    });
    await this.#createOwned(ROLE_BINDINGS, {
      roleRef: { apiGroup: ROLES.group, kind: ROLES.kind, name },
      subjects,
    });
  }

  /**
   * Changes the schedule that the user read, and makes the Writ's subject its owner. CONFLICT unless it is still the same
   * object in the same version.
   */
  update(read: CronJob, given: ScheduleChanges): Promise<CronJob> {
    const { annotations, spec } = structuredClone(given);
    assertScheduleChanges({ ...(annotations && { annotations }), ...(spec && { spec }) }, accountOf(read));
    return this.#patch('updateSchedule', read, [
      ...mergeOperations('/metadata/annotations', read.metadata.annotations, {
        ...annotations,
        [SCHEDULE_OWNER]: this.#owner(),
      }),
      ...Object.entries(spec ?? {}).map(([field, value]): PatchOperation => {
        return { op: 'add', path: `/spec/${field}`, value };
      }),
    ]);
  }

  /** Suspends the schedule that the user read. Its owner stays. CONFLICT as in {@link update}. */
  suspend(read: CronJob): Promise<CronJob> {
    return this.#patch('suspendSchedule', read, [{ op: 'add', path: '/spec/suspend', value: true }]);
  }

  /** Deletes the schedule that the user read, or that this Writ has created. The sessions that it has created stay. */
  async delete(read: CronJob): Promise<void> {
    const { name, uid, namespace = '' } = read.metadata;
    this.#assertTarget(namespace, name);
    if (!isScheduledSession(read)) throw new TypeError(`not a schedule: ${name}`);
    await this.#performer.perform('deleteSchedule', { type: CRON_JOBS, name }, (backend, context) =>
      backend.delete(context, CRON_JOBS, { namespace, name }, { uid }),
    );
  }

  async #patch(
    act: 'updateSchedule' | 'suspendSchedule',
    { metadata, ...read }: CronJob,
    operations: PatchOperation[],
  ): Promise<CronJob> {
    const { name, uid, resourceVersion, namespace = '' } = metadata;
    this.#assertTarget(namespace, name);
    if (!isScheduledSession({ metadata, ...read })) throw new TypeError(`not a schedule: ${name}`);
    const preconditions: PatchOperation[] = [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ];
    try {
      return await this.#performer.perform(act, { type: CRON_JOBS, name }, (backend, context) =>
        backend.jsonPatch<CronJob>(context, CRON_JOBS, { namespace, name }, [
          ...preconditions,
          ...operations,
        ]),
      );
    } catch (error) {
      if (!(error instanceof KubernetesError && error.mayBePreconditionFailed)) throw error;
      throw new Conflict('The scheduled session has changed since it was read', { project: namespace, name });
    }
  }

  async #createOwned(type: ResourceType, content: object): Promise<void> {
    const { metadata } = this.#createdSchedule();
    const { namespace = '', uid } = metadata;
    const { subject, scope } = this.#performer.terms;
    const name = scheduleAccountName(uid);
    const controller = {
      apiVersion: apiVersionOf(CRON_JOBS),
      kind: CRON_JOBS.kind,
      name: metadata.name,
      uid,
    };
    const manifest = {
      apiVersion: apiVersionOf(type),
      kind: type.kind,
      metadata: {
        namespace,
        name,
        labels: MANAGED_BY_WRIT,
        annotations: { [REQUESTED_BY]: subject.username, [REQUEST_ID]: scope.requestId },
        ownerReferences: [{ ...controller, controller: true }],
      },
      ...content,
    };
    await this.#performer.perform('createScheduleObject', { type, name }, (backend, context) =>
      backend.create(context, type, { namespace }, manifest),
    );
  }

  /** The annotation: the user as the cluster has authenticated them for this Writ. */
  #owner(): string {
    const { subject, extra = {} } = this.#performer.terms;
    const { username, uid, groups } = subject;
    const owner: ScheduleOwner = { username, uid, groups, extra, reviewedAt: new Date().toISOString() };
    const text = JSON.stringify(owner);
    if (Buffer.byteLength(text) <= MAX_OWNER_BYTES) return text;
    const message = `your groups are more than a schedule can record: at most ${MAX_OWNER_BYTES} bytes of JSON`;
    throw new BadUserInput([{ path: '', message }]);
  }

  #createdSchedule(): CronJob {
    if (!this.#created) throw new TypeError('no schedule was created with this Writ');
    return this.#created;
  }

  #assertTarget(namespace: string, name: string): void {
    const { target } = this.#performer;
    if (namespace !== target.namespace || name !== target.name) throw new TypeError('not the named schedule');
  }
}

function accountOf({ metadata }: CronJob): string {
  return scheduleAccountName(metadata.uid);
}

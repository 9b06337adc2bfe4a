import { Informer, type InformerOptions } from '../../kubernetes/informer.ts';
import { ALL_NAMESPACES, type AnyObject } from '../../kubernetes/reader.ts';
import {
  JOBS,
  type Job,
  NAMESPACES,
  type Namespace,
  PODS,
  type Pod,
  type ResourceType,
} from '../../kubernetes/resources.ts';
import { MANAGED_LABEL, SESSION_UID_LABEL } from '../../model/labels-and-annotations.ts';
import { PROJECT_SETTINGS, type ProjectSettings } from '../../model/project.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import { jobOf } from '../../sessions/run/job-state.ts';
import { parseRunName, sessionOf } from '../../sessions/run/run-objects.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { trimJob, trimNamespace, trimPod, trimSession, trimSettings } from './trim.ts';

/** A run of a session: its number, and the Job that proves it. */
export interface Run {
  number: number;
  job: Job;
}

/** Identifies a session by namespace and UID: a name can be used again. */
export function sessionKey(namespace: string | undefined, uid: string): string {
  return `${namespace}/${uid}`;
}

export function namespaceOfKey(key: string): string {
  return key.split('/', 1)[0] ?? key;
}

export type SessionCacheOptions = Pick<InformerOptions<AnyObject>, 'connect' | 'timings' | 'onError'>;

/** A project has one ProjectSettings, of this name; the default is that of its CustomResourceDefinition. */
const SETTINGS_NAME = 'projectsettings';
const DEFAULT_INACTIVITY_TIMEOUT_SECONDS = 86_400;
/** Orphaned runs that are remembered for each session. */
const MAX_RUNS_WITHOUT_JOB = 32;

/**
 * The controller's view of the cluster: sessions, their Jobs and those Jobs' pods in all namespaces, which namespaces are
 * projects, and those projects' settings.
 */
export class SessionCache {
  readonly #namespaces: Informer<Namespace>;
  readonly #settings: Informer<ProjectSettings>;
  readonly #watches: Informer<AnyObject>[];
  readonly #sessions = new Map<string, AgenticSession>();
  readonly #runs = new Map<string, Map<number, Run>>();
  readonly #pods = new Map<string, Map<string, Pod>>();
  readonly #runsWithoutJob = new Map<string, Set<number>>();
  readonly #deletedJobs = new Map<string, Job>();
  readonly #onChange: (key: string) => void;

  /** @param onChange is called with the key of each session that is affected by a change */
  constructor(options: SessionCacheOptions, onChange: (key: string) => void) {
    this.#onChange = onChange;
    const watch = <T extends AnyObject>(
      type: ResourceType,
      trim: InformerOptions<T>['trim'],
      onObject: InformerOptions<T>['onChange'],
      labelSelector?: string,
    ) => {
      const namespace = type.namespaced ? ALL_NAMESPACES : undefined;
      return new Informer<T>({ ...options, type, namespace, trim, onChange: onObject, labelSelector });
    };

    this.#namespaces = watch(
      NAMESPACES,
      trimNamespace,
      (_, { metadata }) => this.#namespaceChanged(metadata.name),
      `${MANAGED_LABEL}=true`,
    );
    this.#settings = watch(PROJECT_SETTINGS, trimSettings, (_, { metadata }) =>
      this.#namespaceChanged(metadata.namespace),
    );
    this.#watches = [
      this.#namespaces as Informer<AnyObject>,
      this.#settings as Informer<AnyObject>,
      watch(AGENTIC_SESSIONS, trimSession, (type, session) => this.#sessionChanged(type, session)),
      // Without a label selector: a Job whose label was removed must not escape.
      watch(JOBS, trimJob, (type, job) => this.#jobChanged(type, job)),
      watch(PODS, trimPod, (type, pod) => this.#podChanged(type, pod), SESSION_UID_LABEL),
    ];
  }

  get watches(): readonly Informer<AnyObject>[] {
    return this.#watches;
  }

  isManaged(namespace: string): boolean {
    const found = this.#namespaces.get(undefined, namespace);
    return found !== undefined && !found.metadata.deletionTimestamp;
  }

  managedNamespaces(): string[] {
    return [...this.#namespaces.values()]
      .map(({ metadata }) => metadata.name)
      .filter((n) => this.isManaged(n));
  }

  /** For sessions without an inactivityTimeout of their own, in seconds; 0: never. */
  inactivityTimeoutSeconds(namespace: string): number {
    const { spec } = this.#settings.get(namespace, SETTINGS_NAME) ?? {};
    return spec?.inactivityTimeoutSeconds ?? DEFAULT_INACTIVITY_TIMEOUT_SECONDS;
  }

  session(key: string): AgenticSession | undefined {
    return this.#sessions.get(key);
  }

  /** Takes a write's response, ahead of the watch. */
  update(session: AgenticSession): void {
    const key = sessionKey(session.metadata.namespace, session.metadata.uid);
    const known = this.#sessions.get(key);
    if (known && isLater(session.metadata.resourceVersion, known.metadata.resourceVersion))
      this.#sessions.set(key, trimSession(session));
  }

  /** In the order of their numbers. */
  runs(key: string): Run[] {
    return [...(this.#runs.get(key)?.values() ?? [])].sort((a, b) => a.number - b.number);
  }

  /** Pods of any run of the session, whether or not its Job still exists. */
  pods(key: string): Pod[] {
    return [...(this.#pods.get(key)?.values() ?? [])];
  }

  /** The numbers of runs whose Job is gone and whose other objects may remain. */
  runsWithoutJob(key: string): number[] {
    return [...(this.#runsWithoutJob.get(key) ?? [])];
  }

  forgetRunsWithoutJob(key: string, numbers: number[]): void {
    for (const number of numbers) this.#runsWithoutJob.get(key)?.delete(number);
  }

  /** Records that an object of a run exists, whose Job may have been deleted before this replica saw it. */
  noteRun(key: string, number: number): void {
    const isKnown = this.#runs.get(key)?.has(number) || this.#runsWithoutJob.get(key)?.has(number);
    if (isKnown || !this.#sessions.has(key)) return;
    if (this.#addRunWithoutJob(key, number)) this.#onChange(key);
  }

  /** The Job of the session's latest start as it was seen last, if it is gone. */
  deletedJob(key: string): Job | undefined {
    const job = this.#deletedJobs.get(key);
    const session = this.#sessions.get(key);
    return job && session && startRequestOf(job) === startRequestOf(session) ? job : undefined;
  }

  #namespaceChanged(namespace: string | undefined): void {
    for (const [key, { metadata }] of this.#sessions) {
      if (metadata.namespace === namespace) this.#onChange(key);
    }
  }

  #sessionChanged(type: string, session: AgenticSession): void {
    const key = sessionKey(session.metadata.namespace, session.metadata.uid);
    if (type === 'DELETED') {
      this.#sessions.delete(key);
      this.#runsWithoutJob.delete(key);
      this.#deletedJobs.delete(key);
    } else this.#sessions.set(key, session);
    this.#onChange(key);
  }

  #jobChanged(type: string, job: Job): void {
    const owner = sessionOf(job.metadata);
    if (!owner) return;
    const key = sessionKey(job.metadata.namespace, owner.uid);
    const { number } = owner;
    const runs = this.#runs.get(key) ?? new Map<number, Run>();
    if (type !== 'DELETED') {
      this.#runs.set(key, runs.set(number, { number, job }));
      this.#runsWithoutJob.get(key)?.delete(number);
      const ended = this.#deletedJobs.get(key);
      if (ended && startRequestOf(ended) === startRequestOf(job)) this.#deletedJobs.delete(key);
    } else if (runs.delete(number) && this.#sessions.has(key)) {
      this.#addRunWithoutJob(key, number);
      const known = this.deletedJob(key);
      if (!known || number > (sessionOf(known.metadata)?.number ?? 0)) this.#deletedJobs.set(key, job);
    }
    if (runs.size === 0) this.#runs.delete(key);
    this.#onChange(key);
  }

  /** Whoever may create such objects chooses their numbers: beyond the limit the next sweep finds them. */
  #addRunWithoutJob(key: string, number: number): boolean {
    const numbers = this.#runsWithoutJob.get(key) ?? new Set<number>();
    if (numbers.size >= MAX_RUNS_WITHOUT_JOB) return false;
    this.#runsWithoutJob.set(key, numbers.add(number));
    return true;
  }

  #podChanged(type: string, pod: Pod): void {
    const { namespace, uid } = pod.metadata;
    const session = parseRunName(jobOf(pod)?.name ?? '');
    if (!session) return;
    const key = sessionKey(namespace, session.uid);
    const pods = this.#pods.get(key) ?? new Map<string, Pod>();
    if (type === 'DELETED') pods.delete(uid);
    else this.#pods.set(key, pods.set(uid, pod));
    if (pods.size === 0) this.#pods.delete(key);
    this.#onChange(key);
  }
}

/** Of two versions of one object. Versions that are not numbers cannot be compared. */
function isLater(version: string, known: string): boolean {
  return /^\d+$/.test(version) && /^\d+$/.test(known) && BigInt(version) > BigInt(known);
}

import { Informer } from '../../kubernetes/informer.ts';
import { ALL_NAMESPACES } from '../../kubernetes/reader.ts';
import { JOBS, type Job, PODS, type Pod } from '../../kubernetes/resources.ts';
import { SESSION_UID_LABEL } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import { jobOf } from '../../sessions/run/job-state.ts';
import { parseRunName, sessionOf } from '../../sessions/run/run-objects.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { type AnyInformer, type CacheOptions, ProjectCache } from './project-cache.ts';
import { trimJob, trimPod, trimSession } from './trim.ts';

/** A run of a session whose Job exists. */
export interface Run {
  number: number;
  job: Job;
  /** Whether the controller has deleted the Job: its deletionTimestamp arrives later, with the watch. */
  isDeleted?: boolean;
}

/** Identifies a session by namespace and UID, because a name can be used again. */
export function sessionKey(namespace: string | undefined, uid: string): string {
  return `${namespace}/${uid}`;
}

export function namespaceOfKey(key: string): string {
  return key.split('/', 1)[0] ?? key;
}

/** The maximum number of runs without a Job that are remembered for a session. */
const MAX_RUNS_WITHOUT_JOB = 32;

/**
 * The controller's view of the cluster: sessions, their Jobs and pods, and projects. The objects are trimmed; nothing may
 * change them.
 */
export class SessionCache {
  /** Which namespaces are projects, and their settings. */
  readonly projects: ProjectCache;
  readonly informers: readonly AnyInformer[];
  readonly #sessions = new Map<string, AgenticSession>();
  readonly #runs = new Map<string, Map<number, Run>>();
  readonly #pods = new Map<string, Map<string, Pod>>();
  readonly #runsWithoutJob = new Map<string, Set<number>>();
  readonly #deletedJobs = new Map<string, Job>();
  readonly #onChange: (key: string) => void;

  /** @param onChange is called with the key of each session that is affected by a change */
  constructor(options: CacheOptions, onChange: (key: string) => void) {
    this.#onChange = onChange;
    this.projects = new ProjectCache(options, (namespace) => this.#projectChanged(namespace));
    this.informers = Object.freeze([
      ...this.projects.informers,
      new Informer<AgenticSession>({
        ...options,
        namespace: ALL_NAMESPACES,
        type: AGENTIC_SESSIONS,
        trim: trimSession,
        onChange: (type, session) => this.#sessionChanged(type, session),
      }),
      // Without a label selector, so that removing a Job's label does not hide the Job.
      new Informer<Job>({
        ...options,
        namespace: ALL_NAMESPACES,
        type: JOBS,
        trim: trimJob,
        onChange: (type, job) => this.#jobChanged(type, job),
      }),
      new Informer<Pod>({
        ...options,
        namespace: ALL_NAMESPACES,
        type: PODS,
        labelSelector: SESSION_UID_LABEL,
        trim: trimPod,
        onChange: (type, pod) => this.#podChanged(type, pod),
      }),
    ]);
  }

  /** Of all sessions. */
  keys(): string[] {
    return [...this.#sessions.keys()];
  }

  session(key: string): AgenticSession | undefined {
    return this.#sessions.get(key);
  }

  /** Stores the session that a write returned, unless the watch has delivered a later version. */
  update(session: AgenticSession): void {
    const key = sessionKey(session.metadata.namespace, session.metadata.uid);
    const known = this.#sessions.get(key);
    if (known && isLater(session.metadata.resourceVersion, known.metadata.resourceVersion))
      this.#sessions.set(key, trimSession(session));
  }

  /** The session's runs, by number. */
  runs(key: string): Run[] {
    return [...(this.#runs.get(key)?.values() ?? [])].sort((a, b) => a.number - b.number);
  }

  /** Records that the cluster has accepted the deletion of a Job. */
  noteJobDeletion({ metadata }: Job): void {
    const owner = sessionOf(metadata);
    const runs = owner && this.#runs.get(sessionKey(metadata.namespace, owner.uid));
    const run = runs?.get(owner?.number ?? 0);
    if (run?.job.metadata.uid === metadata.uid) runs?.set(run.number, { ...run, isDeleted: true });
  }

  /** The pods of all runs of the session, also of runs whose Job was deleted. */
  pods(key: string): Pod[] {
    return [...(this.#pods.get(key)?.values() ?? [])];
  }

  /** The numbers of runs whose Job was deleted and whose other objects may remain. */
  runsWithoutJob(key: string): number[] {
    return [...(this.#runsWithoutJob.get(key) ?? [])];
  }

  forgetRunsWithoutJob(key: string, numbers: number[]): void {
    for (const number of numbers) this.#runsWithoutJob.get(key)?.delete(number);
  }

  /** Records that an object of a run exists: its Job may have been deleted before this replica saw it. */
  noteRun(key: string, number: number): void {
    const isKnown = this.#runs.get(key)?.has(number) || this.#runsWithoutJob.get(key)?.has(number);
    if (isKnown || !this.#sessions.has(key)) return;
    if (this.#addRunWithoutJob(key, number)) this.#onChange(key);
  }

  /** The Job of the session's latest start as it was last seen, if it was deleted. */
  deletedJob(key: string): Job | undefined {
    const job = this.#deletedJobs.get(key);
    const session = this.#sessions.get(key);
    return job && session && startRequestOf(job) === startRequestOf(session) ? job : undefined;
  }

  #projectChanged(namespace: string): void {
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
      const known = runs.get(number);
      const isDeleted = known?.isDeleted === true && known.job.metadata.uid === job.metadata.uid;
      this.#runs.set(key, runs.set(number, { number, job, ...(isDeleted && { isDeleted }) }));
      this.#runsWithoutJob.get(key)?.delete(number);
      const deleted = this.#deletedJobs.get(key);
      if (deleted && startRequestOf(deleted) === startRequestOf(job)) this.#deletedJobs.delete(key);
    } else if (runs.delete(number) && this.#sessions.has(key)) {
      this.#addRunWithoutJob(key, number);
      const known = this.deletedJob(key);
      if (!known || number > (sessionOf(known.metadata)?.number ?? 0)) this.#deletedJobs.set(key, job);
    }
    if (runs.size === 0) this.#runs.delete(key);
    this.#onChange(key);
  }

  /** Tenants can create objects with any number. Those beyond the limit are found by a later sweep. */
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

/** Compares two versions of one object. Versions that are not numbers are never later. */
function isLater(version: string, known: string): boolean {
  return /^\d+$/.test(version) && /^\d+$/.test(known) && BigInt(version) > BigInt(known);
}

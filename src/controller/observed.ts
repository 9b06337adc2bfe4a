import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  JOBS,
  type Job,
  MANAGED_LABEL,
  NAMESPACES,
  type Namespace,
  PODS,
  type Pod,
  PROJECT_SETTINGS,
  type ProjectSettings,
  type ResourceType,
  SESSION_UID_LABEL,
  type Stored,
} from '../kubernetes/resources.ts';
import { Watch, type WatchOptions } from '../kubernetes/watch.ts';
import { parseRunName, sessionOf } from '../sessions/run/run-objects.ts';
import { keepJob, keepNamespace, keepPod, keepSession, keepSettings } from './keep.ts';
import { jobOf, keyOf, type Run, startRequestOf } from './runs.ts';

type AnyObject = Stored<{ metadata?: unknown }>;
export type WatchSource = Pick<
  WatchOptions<AnyObject>,
  'transport' | 'credential' | 'identity' | 'id' | 'timings' | 'onProblem'
>;

/** A project has one, of this name; the default is that of its definition. */
const SETTINGS_NAME = 'projectsettings';
const DEFAULT_INACTIVITY_TIMEOUT_SECONDS = 86_400;
const MAX_GONE = 32;

/**
 * What the controller sees of the cluster: sessions, their Jobs and those Jobs' pods in all namespaces, which namespaces
 * are projects, and those projects' settings. A session is known by namespace and UID.
 */
export class Observed {
  readonly #namespaces: Watch<Namespace>;
  readonly #settings: Watch<ProjectSettings>;
  readonly #watches: Watch<AnyObject>[];
  readonly #sessions = new Map<string, AgenticSession>();
  readonly #runs = new Map<string, Map<number, Run>>();
  readonly #pods = new Map<string, Map<string, Pod>>();
  readonly #gone = new Map<string, Set<number>>();
  readonly #ended = new Map<string, Job>();
  readonly #onChange: (key: string) => void;

  /** @param onChange is told the key of each session about which something has changed */
  constructor(source: WatchSource, onChange: (key: string) => void) {
    this.#onChange = onChange;
    const watch = <T extends AnyObject>(
      type: ResourceType,
      keep: (object: AnyObject) => T | undefined,
      on: WatchOptions<T>['on'],
      labelSelector?: string,
    ) => new Watch<T>({ ...source, type, keep, on, ...(labelSelector && { labelSelector }) });

    this.#namespaces = watch(
      NAMESPACES,
      keepNamespace,
      (_, { metadata }) => this.#namespaceChanged(metadata.name),
      `${MANAGED_LABEL}=true`,
    );
    this.#settings = watch(PROJECT_SETTINGS, keepSettings, (_, { metadata }) =>
      this.#namespaceChanged(metadata.namespace),
    );
    this.#watches = [
      this.#namespaces as Watch<AnyObject>,
      this.#settings as Watch<AnyObject>,
      watch(AGENTIC_SESSIONS, keepSession, (type, session) => this.#sessionChanged(type, session)),
      // Not narrowed by a label: who takes it off a Job must not hide the Job.
      watch(JOBS, keepJob, (type, job) => this.#jobChanged(type, job)),
      watch(PODS, keepPod, (type, pod) => this.#podChanged(type, pod), SESSION_UID_LABEL),
    ];
  }

  get watches(): readonly Watch<AnyObject>[] {
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

  /** Of sessions that do not say, in seconds; 0: never. */
  inactivityTimeoutSeconds(namespace: string): number {
    const { spec } = this.#settings.get(namespace, SETTINGS_NAME) ?? {};
    return spec?.inactivityTimeoutSeconds ?? DEFAULT_INACTIVITY_TIMEOUT_SECONDS;
  }

  session(key: string): AgenticSession | undefined {
    return this.#sessions.get(key);
  }

  /** What the cluster has answered is known before the watch tells it. */
  learn(session: AgenticSession): void {
    const key = keyOf(session.metadata.namespace, session.metadata.uid);
    const known = this.#sessions.get(key);
    if (known && isLater(session.metadata.resourceVersion, known.metadata.resourceVersion))
      this.#sessions.set(key, keepSession(session));
  }

  /** In the order of their numbers. */
  runs(key: string): Run[] {
    return [...(this.#runs.get(key)?.values() ?? [])].sort((a, b) => a.number - b.number);
  }

  /** Pods of any run of the session, whether or not its Job is still there. */
  pods(key: string): Pod[] {
    return [...(this.#pods.get(key)?.values() ?? [])];
  }

  /** Numbers of runs whose Job is not there any more, but maybe what else they had. */
  gone(key: string): Set<number> {
    return this.#gone.get(key) ?? new Set();
  }

  /** Something of a run was seen. Its Job may have gone before this replica saw it. */
  noteRun(key: string, number: number): void {
    const gone = this.gone(key);
    const isKnown = this.#runs.get(key)?.has(number) || gone.has(number);
    // Whoever may make such objects chooses the numbers: the next sweep finds the others.
    if (isKnown || gone.size >= MAX_GONE || !this.#sessions.has(key)) return;
    this.#gone.set(key, gone.add(number));
    this.#onChange(key);
  }

  /** The Job of the session's latest start as it was seen last, where it is gone. */
  ended(key: string): Job | undefined {
    const job = this.#ended.get(key);
    const session = this.#sessions.get(key);
    return job && session && startRequestOf(job) === startRequestOf(session) ? job : undefined;
  }

  #namespaceChanged(namespace: string | undefined): void {
    for (const [key, { metadata }] of this.#sessions) {
      if (metadata.namespace === namespace) this.#onChange(key);
    }
  }

  #sessionChanged(type: string, session: AgenticSession): void {
    const key = keyOf(session.metadata.namespace, session.metadata.uid);
    if (type === 'DELETED') {
      this.#sessions.delete(key);
      this.#gone.delete(key);
      this.#ended.delete(key);
    } else this.#sessions.set(key, session);
    this.#onChange(key);
  }

  #jobChanged(type: string, job: Job): void {
    const owner = sessionOf(job.metadata);
    if (!owner) return;
    const key = keyOf(job.metadata.namespace, owner.uid);
    const { number } = owner;
    const runs = this.#runs.get(key) ?? new Map<number, Run>();
    if (type !== 'DELETED') {
      this.#runs.set(key, runs.set(number, { number, job }));
      this.#gone.get(key)?.delete(number);
      const ended = this.#ended.get(key);
      if (ended && startRequestOf(ended) === startRequestOf(job)) this.#ended.delete(key);
    } else if (runs.delete(number) && this.#sessions.has(key)) {
      if (this.gone(key).size < MAX_GONE) this.#gone.set(key, this.gone(key).add(number));
      const known = this.ended(key);
      if (!known || number > (sessionOf(known.metadata)?.number ?? 0)) this.#ended.set(key, job);
    }
    if (runs.size === 0) this.#runs.delete(key);
    this.#onChange(key);
  }

  #podChanged(type: string, pod: Pod): void {
    const { namespace, uid } = pod.metadata;
    const session = parseRunName(jobOf(pod)?.name ?? '');
    if (!session) return;
    const key = keyOf(namespace, session.uid);
    const pods = this.#pods.get(key) ?? new Map<string, Pod>();
    if (type === 'DELETED') pods.delete(uid);
    else this.#pods.set(key, pods.set(uid, pod));
    if (pods.size === 0) this.#pods.delete(key);
    this.#onChange(key);
  }
}

/** Of one object; where they are no numbers nothing is known. */
function isLater(version: string, known: string): boolean {
  return /^\d+$/.test(version) && /^\d+$/.test(known) && BigInt(version) > BigInt(known);
}

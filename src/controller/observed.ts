import {
  AGENTIC_SESSIONS,
  type AgenticSession,
  DESIRED_PHASE,
  JOBS,
  type Job,
  MANAGED_LABEL,
  NAMESPACES,
  type Namespace,
  type ObjectMeta,
  PODS,
  type Pod,
  PROJECT_SETTINGS,
  type ProjectSettings,
  type ResourceType,
  SESSION_UID_LABEL,
  START_REQUESTED_AT,
  STOP_REQUESTED_AT,
  type Stored,
} from '../kubernetes/resources.ts';
import { Watch, type WatchOptions } from '../kubernetes/watch.ts';
import { parseRunName, sessionOf } from '../sessions/run/run-objects.ts';
import { jobOf, keyOf, type Run } from './runs.ts';

type AnyObject = Stored<{ metadata?: unknown }>;
export type WatchSource = Pick<
  WatchOptions<AnyObject>,
  'transport' | 'credential' | 'identity' | 'id' | 'timings'
>;

/** On a session that was stopped for its inactivity: the value of its stop-requested-at at that time. */
export const STOPPED_INACTIVE_AT = 'ambient-code.io/stopped-inactive-at';
/** A project has one, of this name; the default is that of its definition. */
const SETTINGS_NAME = 'projectsettings';
const DEFAULT_INACTIVITY_TIMEOUT_SECONDS = 86_400;
const ANNOTATIONS = [DESIRED_PHASE, START_REQUESTED_AT, STOP_REQUESTED_AT, STOPPED_INACTIVE_AT];

/**
 * What the controller sees of the cluster: sessions, their Jobs and those Jobs' pods in all namespaces, which namespaces
 * are projects, and those projects' settings. Only what it uses is kept in memory. A session is known by namespace and UID.
 */
export class Observed {
  readonly #namespaces: Watch<Namespace>;
  readonly #settings: Watch<ProjectSettings>;
  readonly #watches: Watch<AnyObject>[];
  readonly #sessions = new Map<string, AgenticSession>();
  readonly #runs = new Map<string, Map<number, Run>>();
  readonly #pods = new Map<string, Map<string, Pod>>();
  readonly #gone = new Map<string, Set<number>>();
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
      (object) => object as Namespace,
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

  /** What a write has answered is known before the watch tells it. */
  learn(session: AgenticSession): void {
    const key = keyOf(session.metadata.namespace, session.metadata.uid);
    if (this.#sessions.has(key)) this.#sessions.set(key, keepSession(session));
  }

  /** In the order of their numbers. */
  runs(key: string): Run[] {
    return [...(this.#runs.get(key)?.values() ?? [])].sort((a, b) => a.number - b.number);
  }

  /** Pods of any run of the session, whether or not its Job is still there. */
  pods(key: string): Pod[] {
    return [...(this.#pods.get(key)?.values() ?? [])];
  }

  /** Numbers of runs whose Job was there and is not any more. */
  gone(key: string): Set<number> {
    return this.#gone.get(key) ?? new Set();
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
    } else this.#sessions.set(key, session);
    this.#onChange(key);
  }

  #jobChanged(type: string, job: Job): void {
    const owner = sessionOf(job.metadata);
    if (!owner) return;
    const key = keyOf(job.metadata.namespace, owner.uid);
    const runs = this.#runs.get(key) ?? new Map<number, Run>();
    if (type !== 'DELETED') {
      this.#runs.set(key, runs.set(owner.number, { number: owner.number, job }));
      this.#gone.get(key)?.delete(owner.number);
    } else if (runs.delete(owner.number) && this.#sessions.has(key)) {
      this.#gone.set(key, this.gone(key).add(owner.number));
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

function keepSettings(object: AnyObject): ProjectSettings {
  const { metadata, spec } = object as ProjectSettings;
  const seconds = spec?.inactivityTimeoutSeconds;
  return {
    metadata: identity(metadata),
    spec: typeof seconds === 'number' ? { inactivityTimeoutSeconds: seconds } : {},
  };
}

function keepSession(object: AnyObject): AgenticSession {
  const { metadata, spec, status } = object as AgenticSession;
  const annotations = Object.fromEntries(
    ANNOTATIONS.flatMap((key) => {
      const value = metadata.annotations?.[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const {
    phase,
    startTime,
    completionTime,
    lastActivityTime,
    stoppedReason,
    observedGeneration,
    conditions,
  } = status ?? {};
  return {
    metadata: { ...identity(metadata), annotations },
    spec: spec?.inactivityTimeout === undefined ? {} : { inactivityTimeout: spec.inactivityTimeout },
    status: withoutUndefined({
      phase,
      startTime,
      completionTime,
      lastActivityTime,
      stoppedReason,
      observedGeneration,
      conditions,
    }),
  };
}

function keepJob(object: AnyObject): Job | undefined {
  const { metadata, spec, status } = object as Job;
  if (!sessionOf(metadata)) return undefined;
  const { annotations, ownerReferences } = metadata;
  const deadline = spec?.activeDeadlineSeconds;
  return {
    metadata: withoutUndefined({ ...identity(metadata), annotations, ownerReferences }),
    spec: { ...(deadline !== undefined && { activeDeadlineSeconds: deadline }), template: {} },
    ...(status && { status }),
  };
}

function keepPod(object: AnyObject): Pod | undefined {
  const { metadata, status } = object as Pod;
  const pod = object as Pod;
  if (!parseRunName(jobOf(pod)?.name ?? '')) return undefined;
  const { ownerReferences } = metadata;
  const { phase, reason, conditions, containerStatuses, initContainerStatuses } = status ?? {};
  return {
    metadata: withoutUndefined({ ...identity(metadata), ownerReferences }),
    status: withoutUndefined({ phase, reason, conditions, containerStatuses, initContainerStatuses }),
  };
}

function identity(metadata: AgenticSession['metadata']) {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } =
    metadata;
  return withoutUndefined({
    name,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
  }) as AgenticSession['metadata'] & ObjectMeta;
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}

import {
  type AgenticSession,
  type Condition,
  type ContainerStatus,
  DESIRED_PHASE,
  type Job,
  type Namespace,
  type ObjectMeta,
  type Pod,
  type ProjectSettings,
  START_REQUESTED_AT,
  STOP_REQUESTED_AT,
  type Stored,
} from '../kubernetes/resources.ts';
import { parseRunName, sessionOf } from '../sessions/run/run-objects.ts';
import { OWN_CONDITIONS } from './run-reason.ts';
import { jobOf } from './runs.ts';

/*
 * What the controller keeps in memory of each object that it sees: what it uses, and of that no more than it can use,
 * however much a tenant has written.
 */

type AnyObject = Stored<{ metadata?: unknown }>;

/** On a session that was stopped for its inactivity: the value of its stop-requested-at at that time. */
export const STOPPED_INACTIVE_AT = 'ambient-code.io/stopped-inactive-at';
const ANNOTATIONS = [DESIRED_PHASE, START_REQUESTED_AT, STOP_REQUESTED_AT, STOPPED_INACTIVE_AT];
const MAX_CONTAINERS = 8;

export function keepNamespace({ metadata }: AnyObject): Namespace {
  return { metadata: identity(metadata as Namespace['metadata']) };
}

export function keepSettings(object: AnyObject): ProjectSettings {
  const { metadata, spec } = object as ProjectSettings;
  const seconds = spec?.inactivityTimeoutSeconds;
  return {
    metadata: identity(metadata),
    spec: typeof seconds === 'number' ? { inactivityTimeoutSeconds: seconds } : {},
  };
}

export function keepSession(object: AnyObject): AgenticSession {
  const { metadata, spec, status } = object as AgenticSession;
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
    metadata: { ...identity(metadata), annotations: keepAnnotations(metadata, ANNOTATIONS) },
    spec: spec?.inactivityTimeout === undefined ? {} : { inactivityTimeout: spec.inactivityTimeout },
    status: withoutUndefined({
      phase,
      startTime,
      completionTime,
      lastActivityTime,
      stoppedReason,
      observedGeneration,
      conditions: Array.isArray(conditions) ? keepConditions(conditions) : undefined,
    }),
  };
}

/** Writ's own, as far as they could be what it wrote. */
function keepConditions(conditions: Condition[]): Condition[] {
  return conditions
    .filter(({ type }) => OWN_CONDITIONS.includes(type))
    .map(({ reason, message, ...condition }) =>
      withoutUndefined({ ...condition, reason: cut(reason), message: cut(message) }),
    );
}

export function keepJob(object: AnyObject): Job | undefined {
  const { metadata, spec, status } = object as Job;
  if (!sessionOf(metadata)) return undefined;
  const deadline = spec?.activeDeadlineSeconds;
  const { startTime, completionTime, conditions } = status ?? {};
  const finished = conditions?.filter(({ type }) => type === 'Complete' || type === 'Failed');
  return {
    metadata: {
      ...identity(metadata),
      annotations: keepAnnotations(metadata, [START_REQUESTED_AT]),
      ownerReferences: metadata.ownerReferences ?? [],
    },
    spec: { ...(deadline !== undefined && { activeDeadlineSeconds: deadline }), template: {} },
    status: withoutUndefined({
      startTime,
      completionTime,
      conditions: finished?.map(({ type, status, reason, lastTransitionTime }) =>
        withoutUndefined({ type, status, reason: cut(reason), lastTransitionTime }),
      ),
    }),
  };
}

export function keepPod(object: AnyObject): Pod | undefined {
  const { metadata, status } = object as Pod;
  const pod = object as Pod;
  if (!parseRunName(jobOf(pod)?.name ?? '')) return undefined;
  const { phase, reason, conditions, containerStatuses } = status ?? {};
  return {
    metadata: withoutUndefined({
      ...identity(metadata),
      ownerReferences: metadata.ownerReferences?.filter(({ controller }) => controller === true),
    }),
    status: withoutUndefined({
      phase,
      reason: cut(reason),
      conditions: conditions
        ?.filter(({ type }) => type === 'PodScheduled')
        .map(({ type, status, reason }) => withoutUndefined({ type, status, reason: cut(reason) })),
      containerStatuses: containerStatuses?.slice(0, MAX_CONTAINERS).map(keepContainer),
    }),
  };
}

function keepContainer({ name, state, lastState }: ContainerStatus): ContainerStatus {
  const { waiting, terminated = lastState?.terminated } = state ?? {};
  return {
    name,
    image: '',
    imageID: '',
    ready: false,
    restartCount: 0,
    state: withoutUndefined({
      waiting: waiting && withoutUndefined({ reason: cut(waiting.reason), message: cut(waiting.message) }),
      terminated:
        terminated && withoutUndefined({ exitCode: terminated.exitCode, reason: cut(terminated.reason) }),
    }),
  };
}

/** Longer ones never make a run. */
function keepAnnotations({ annotations = {} }: ObjectMeta, keys: string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined ? [] : [[key, value.slice(0, 65)]];
    }),
  );
}

/** Anybody may have written it. */
function cut(text: string | undefined): string | undefined {
  return text?.slice(0, 1_025);
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

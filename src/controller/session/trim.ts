import type { AnyObject } from '../../kubernetes/reader.ts';
import type {
  Condition,
  ContainerStatus,
  Job,
  Namespace,
  ObjectMeta,
  OwnerReference,
  Pod,
} from '../../kubernetes/resources.ts';
import {
  DESIRED_PHASE,
  START_REQUESTED_AT,
  STOP_REQUESTED_AT,
  STOPPED_INACTIVE_AT,
  TOKEN_EXPIRES_AT,
} from '../../model/labels-and-annotations.ts';
import type { ProjectSettings } from '../../model/project.ts';
import { SCHEDULE_UID } from '../../model/schedule.ts';
import type { AgenticSession } from '../../model/session.ts';
import { MAX_TIMESTAMP_LENGTH } from '../../model/timestamps.ts';
import { finishedCondition, isRunnerStatus, jobOf } from '../../sessions/run/job-state.ts';
import { ownerReferenceTo, parseRunName, sessionOf } from '../../sessions/run/run-objects.ts';
import { OWN_CONDITIONS } from '../../sessions/status/conditions.ts';

/*
 * The parts of objects that the controller keeps in memory: only the fields that it uses, each up to a maximum length,
 * because tenants can write large objects.
 */

type ContainerState = NonNullable<ContainerStatus['state']>;

const SESSION_ANNOTATIONS = [
  DESIRED_PHASE,
  START_REQUESTED_AT,
  STOP_REQUESTED_AT,
  STOPPED_INACTIVE_AT,
  SCHEDULE_UID,
];
const POD_CONDITIONS = ['PodScheduled', 'DisruptionTarget'];
const MAX_CONTAINERS = 8;
const MAX_NAME = 253;
/** One more than the longest message of a condition: a longer text stays different from it. */
const MAX_TEXT = 1_025;

export function trimNamespace({ metadata }: AnyObject): Namespace {
  return { metadata: trimMetadata(metadata as Namespace['metadata']) };
}

export function trimSettings(object: AnyObject): ProjectSettings {
  const { metadata, spec } = object as ProjectSettings;
  const { inactivityTimeoutSeconds: seconds, runnerSecretsName } = spec ?? {};
  return {
    metadata: trimMetadata(metadata),
    spec: {
      ...(typeof seconds === 'number' && { inactivityTimeoutSeconds: seconds }),
      ...(typeof runnerSecretsName === 'string' && {
        runnerSecretsName: runnerSecretsName.slice(0, MAX_NAME),
      }),
    },
  };
}

export function trimSession(object: AnyObject): AgenticSession {
  const { metadata, spec, status } = object as AgenticSession;
  const { observedGeneration, conditions } = status ?? {};
  return {
    metadata: { ...trimMetadata(metadata), annotations: trimAnnotations(metadata, SESSION_ANNOTATIONS) },
    spec: spec?.inactivityTimeout === undefined ? {} : { inactivityTimeout: spec.inactivityTimeout },
    status: withoutUndefined({
      phase: truncate(status?.phase),
      startTime: truncate(status?.startTime),
      completionTime: truncate(status?.completionTime),
      lastActivityTime: truncate(status?.lastActivityTime),
      stoppedReason: truncate(status?.stoppedReason),
      observedGeneration,
      conditions: Array.isArray(conditions) ? trimConditions(conditions) : undefined,
    }),
  };
}

/** Only the conditions that Writ writes. */
function trimConditions(conditions: Condition[]): Condition[] {
  return conditions
    .filter(({ type }) => OWN_CONDITIONS.includes(type))
    .slice(0, OWN_CONDITIONS.length)
    .map(({ type, status, reason, message, lastTransitionTime, observedGeneration }) =>
      withoutUndefined({
        type: truncate(type),
        status: truncate(status),
        reason: truncate(reason),
        message: truncate(message),
        lastTransitionTime: truncate(lastTransitionTime),
        observedGeneration,
      }),
    );
}

export function trimJob(object: AnyObject): Job | undefined {
  const { metadata, spec, status } = object as Job;
  const session = sessionOf(metadata);
  if (!session) return undefined;
  const { activeDeadlineSeconds: deadline, suspend } = spec ?? {};
  const finished = finishedCondition(object as Job);
  return {
    metadata: {
      ...trimMetadata(metadata),
      annotations: trimAnnotations(metadata, [START_REQUESTED_AT, TOKEN_EXPIRES_AT]),
      ownerReferences: [trimOwner(session)],
    },
    spec: {
      ...(deadline !== undefined && { activeDeadlineSeconds: deadline }),
      ...(suspend === true && { suspend }),
      template: {},
    },
    status: withoutUndefined({
      startTime: truncate(status?.startTime),
      completionTime: truncate(status?.completionTime),
      failed: status?.failed,
      conditions: finished && [
        withoutUndefined({
          type: truncate(finished.type),
          status: truncate(finished.status),
          reason: truncate(finished.reason),
          lastTransitionTime: truncate(finished.lastTransitionTime),
        }),
      ],
    }),
  };
}

/** The owner reference of an object of a run. A text that is too long to be a name is left out. */
export function trimOwner({ name, uid }: { name: string; uid: string }): OwnerReference {
  return ownerReferenceTo({ name: name.length > MAX_NAME ? '' : name, uid });
}

export function trimPod(object: AnyObject): Pod | undefined {
  const { metadata, status } = object as Pod;
  const owner = jobOf(object as Pod);
  if (!owner || !parseRunName(owner.name)) return undefined;
  const { conditions, containerStatuses, initContainerStatuses } = status ?? {};
  return {
    metadata: {
      ...trimMetadata(metadata),
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', ...owner, controller: true }],
    },
    status: withoutUndefined({
      phase: truncate(status?.phase),
      reason: truncate(status?.reason),
      conditions: conditions
        ?.filter(({ type }) => POD_CONDITIONS.includes(type))
        .slice(0, POD_CONDITIONS.length)
        .map(({ type, status, reason }) =>
          withoutUndefined({ type: truncate(type), status: truncate(status), reason: truncate(reason) }),
        ),
      containerStatuses: containerStatuses && trimContainers(containerStatuses),
      initContainerStatuses: initContainerStatuses && trimContainers(initContainerStatuses),
    }),
  };
}

/** The runner's is always among them: the kubelet sorts containers by their names, and a cluster can add others. */
function trimContainers(statuses: ContainerStatus[]): ContainerStatus[] {
  const [runner, others] = [statuses.filter(isRunnerStatus), statuses.filter((one) => !isRunnerStatus(one))];
  return [...runner, ...others].slice(0, MAX_CONTAINERS).map(trimContainer);
}

function trimContainer({ name, state, lastState }: ContainerStatus): ContainerStatus {
  return {
    name: truncate(name),
    image: '',
    imageID: '',
    ready: false,
    restartCount: 0,
    state: trimState(state),
    lastState: trimState(lastState),
  };
}

function trimState({ waiting, running, terminated }: ContainerState = {}): ContainerState {
  return withoutUndefined({
    waiting:
      waiting && withoutUndefined({ reason: truncate(waiting.reason), message: truncate(waiting.message) }),
    running: running && {},
    terminated:
      terminated && withoutUndefined({ exitCode: terminated.exitCode, reason: truncate(terminated.reason) }),
  });
}

/** Values that are longer than those that Writ writes are left out. */
function trimAnnotations({ annotations = {} }: ObjectMeta, keys: string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || value.length > MAX_TIMESTAMP_LENGTH ? [] : [[key, value]];
    }),
  );
}

/** Copies at most MAX_TEXT characters. A slice alone would keep the whole text in memory. */
function truncate<T extends string | undefined>(text: T): T {
  if (text === undefined || text.length <= MAX_TEXT) return text;
  return Buffer.from(text.slice(0, MAX_TEXT)).toString() as T;
}

function trimMetadata(metadata: AgenticSession['metadata']) {
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

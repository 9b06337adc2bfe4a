import { BadUserInput, toWritError } from '../../errors.ts';
import { causeOf, RunCreationFailed } from '../run/create-run-objects.ts';
import { RunTooLarge } from '../run/run-too-large.ts';
import { permanentFailure } from './permanent-failure.ts';

/**
 * A condition of a session without its type. The message is Writ's own text: it repeats nothing that a container or user wrote,
 * but what admission has said.
 */
export interface RunReason {
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

/** The maximum length of a condition's message. */
const MAX_MESSAGE_LENGTH = 1_024;

export const RUN_EXISTS: RunReason = {
  status: 'True',
  reason: 'RunCreated',
  message: 'All objects of the run were created',
};

const REASONS = {
  Starting: ['Unknown', 'The pod is being started'],
  Running: ['True', 'The runner is running'],
  Stopping: ['Unknown', 'The run is being stopped'],
  Stopped: ['Unknown', 'The run was stopped'],
  Completed: ['True', 'The runner ended without an error'],
  RunnerEnded: [
    'Unknown',
    'The runner ended without an error, and another container of its pod is still running',
  ],
  Suspended: ['False', 'The Job of the run is suspended'],
  QuotaExceeded: ['False', "No pod can be created: it would exceed the project's quota"],
  LimitRangeExceeded: ['False', 'No pod can be created: a LimitRange of the project does not allow it'],
  AdmissionDenied: ['False', 'No pod can be created: the cluster denies it'],
  PodNotCreated: ['False', 'No pod can be created. The events of the Job say why'],
  Unschedulable: ['False', 'The pod cannot be scheduled on any node'],
  SchedulingGated: ['False', 'The pod is not scheduled, because of a scheduling gate'],
  VolumeMountFailed: ['False', 'A volume of the pod cannot be mounted. The events of the pod say why'],
  SandboxFailed: ['False', 'The node cannot set up the pod or its network. The events of the pod say why'],
  ImagePullFailed: ['False', "The runner's image cannot be pulled"],
  RunnerSecretMissing: ['False', "The project's runner Secret lacks a key that the runner needs"],
  ContainerConfigInvalid: ['False', 'The container cannot be created from its configuration'],
  InitContainerFailed: ['False', 'An init container ended with an error'],
  ContainerFailed: ['False', 'Another container than the runner ended with an error'],
  OutOfMemory: ['False', 'The runner exceeded its memory limit'],
  DeadlineExceeded: ['False', "The run exceeded the session's timeout"],
  Evicted: ['False', 'The pod was evicted from its node'],
  Disrupted: ['False', 'The cluster ended the pod'],
  ExitCode: ['False', 'The runner ended with an error'],
  PodFailed: ['False', 'The pod failed'],
} as const;

export type RunReasonName = keyof typeof REASONS;

/** Whether it is a reason for which Writ sets the condition RunHealthy to False. */
export function isFailure(reason: string): boolean {
  return Object.hasOwn(REASONS, reason) && REASONS[reason as RunReasonName][0] === 'False';
}

/**
 * The message that Writ gives a stored condition with this reason: the stored one if it is Writ's, with an exit code or a
 * reason of Kubernetes at its end, else that of the reason. Undefined if the reason is not Writ's.
 */
export function ownMessage(reason: string, stored: string): string | undefined {
  if (!Object.hasOwn(REASONS, reason)) return undefined;
  const [, message] = REASONS[reason as RunReasonName];
  const isOwn =
    stored.startsWith(message) &&
    /^(: (exit code \d{1,10}|[A-Z][A-Za-z]{1,62}))?$/.test(stored.slice(message.length));
  return isOwn ? stored : message;
}

export function runReason(name: RunReasonName, exitCode?: number): RunReason {
  const [status, message] = REASONS[name];
  return {
    status,
    reason: name,
    message: exitCode === undefined ? message : `${message}: exit code ${exitCode}`,
  };
}

/**
 * Why a run could not be created: the step that failed, with the reason of a permanent failure, or else with the code and
 * message of the error that a client would see.
 */
export function runNotCreated(error: unknown): RunReason {
  if (error instanceof RunTooLarge)
    return notCreated(
      'RunTooLarge',
      `The run could not be created: its ${error.part} would be larger than ${error.limit}`,
    );
  if (error instanceof BadUserInput) return invalidSession(error);
  const cause = causeOf(error);
  const object = error instanceof RunCreationFailed ? `run's ${error.step}` : 'run';
  const { code, message } = toWritError(cause);
  const known = permanentFailure(cause) ?? { reason: code, message };
  return notCreated(known.reason, `The ${object} could not be created: ${known.message}`);
}

function notCreated(reason: string, message: string): RunReason {
  return { status: 'False', reason, message: message.slice(0, MAX_MESSAGE_LENGTH) };
}

/** No run can be built from the stored session. The message has the paths of the invalid fields, and not their values. */
function invalidSession({ fields }: BadUserInput): RunReason {
  const paths = fields.slice(0, 5).map(({ path }) =>
    path
      .split('.')
      .slice(1, 6)
      .map((part) => (/^\w{1,64}$/.test(part) ? part : '*'))
      .join('.'),
  );
  const message = `No run can be created from the session as it is stored: ${[...new Set(paths)].join(', ')}`;
  return notCreated('InvalidSession', message);
}

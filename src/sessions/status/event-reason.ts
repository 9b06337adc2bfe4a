import { latestFirst, timeOf } from '../../kubernetes/event-time.ts';
import type { KubernetesEvent } from '../../kubernetes/resources.ts';
import { type RunReason, type RunReasonName, runReason } from './run-reason.ts';

/*
 * What Kubernetes reports in events only: why no pod could be created for a Job, and why a pod that has a node does not
 * start. The text of an event is repeated only where it has a known form: tenants can create events.
 */

const OF_PODS: Record<string, RunReasonName> = {
  FailedMount: 'VolumeMountFailed',
  FailedAttachVolume: 'VolumeMountFailed',
  FailedMapVolume: 'VolumeMountFailed',
  FailedCreatePodSandBox: 'SandboxFailed',
  NetworkNotReady: 'SandboxFailed',
};

/**
 * Why the object of these events, a Job without a pod or a pod that has not started, does not go on. Only events since the
 * last normal one count: that one shows that the object went on.
 */
export function eventReason(events: KubernetesEvent[]): RunReason | undefined {
  const times = events.filter(({ type }) => type !== 'Warning').map(timeOf);
  const since = Math.max(Number.NEGATIVE_INFINITY, ...times);
  const warnings = events
    .filter((event) => event.type === 'Warning' && timeOf(event) >= since)
    .sort(latestFirst);
  for (const { reason = '', message = '' } of warnings) {
    if (reason === 'FailedCreate') return podNotCreated(message);
    const name = Object.hasOwn(OF_PODS, reason) ? OF_PODS[reason] : undefined;
    if (name) return runReason(name);
  }
  return undefined;
}

const NAME = '([-.a-z0-9]{1,253})';
const RESOURCES = '[-\\w./=,]{1,500}';

/** The messages of Kubernetes' admission plugins, and what Writ says for them. */
const DENIALS: [RegExp, RunReasonName, (...parts: string[]) => string][] = [
  [
    new RegExp(
      `exceeded quota: ${NAME}, (requested: ${RESOURCES}, used: ${RESOURCES}, limited: ${RESOURCES})$`,
    ),
    'QuotaExceeded',
    (name, amounts) => `it would exceed the quota ${name} (${amounts})`,
  ],
  [
    new RegExp(`failed quota: ${NAME}: must specify ([-\\w./,]{1,253})`),
    'QuotaExceeded',
    (name, fields) => `the quota ${name} requires it to specify ${fields}`,
  ],
  [
    /\b(maximum|minimum) ([-\w./]{1,253}) usage per (Container|Pod) is ([\w.]{1,32})/,
    'LimitRangeExceeded',
    (bound, resource, of, limit) => `by a LimitRange the ${bound} ${resource} of a ${of} is ${limit}`,
  ],
  [
    /([-\w./]{1,253}) max limit to request ratio per (Container|Pod) is ([\w.]{1,32})/,
    'LimitRangeExceeded',
    (resource, of, ratio) =>
      `by a LimitRange the limit of ${resource} of a ${of} is at most ${ratio} requests`,
  ],
  [
    /violates PodSecurity "([-.:\w]{1,64})"/,
    'AdmissionDenied',
    (level) => `it violates the Pod Security Standard ${level}`,
  ],
  [
    /unable to validate against any security context constraint/,
    'AdmissionDenied',
    () => 'no SecurityContextConstraints allow it',
  ],
  [
    new RegExp(`ValidatingAdmissionPolicy '${NAME}' with binding`),
    'AdmissionDenied',
    (name) => `the admission policy ${name} denies it`,
  ],
  [
    new RegExp(`admission webhook "${NAME}" denied the request`),
    'AdmissionDenied',
    (name) => `the admission webhook ${name} denies it`,
  ],
  [
    new RegExp(`failed calling webhook "${NAME}"`),
    'PodNotCreated',
    (name) => `the admission webhook ${name} cannot be called`,
  ],
  [/error looking up service account/, 'PodNotCreated', () => "the run's ServiceAccount does not exist"],
];

/** Of an event FailedCreate of the Job controller. */
function podNotCreated(message: string): RunReason {
  for (const [pattern, name, describe] of DENIALS) {
    const match = pattern.exec(message);
    if (match)
      return { ...runReason(name), message: `No pod can be created: ${describe(...match.slice(1))}` };
  }
  return runReason('PodNotCreated');
}

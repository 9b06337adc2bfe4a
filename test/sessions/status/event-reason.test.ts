import { describe, expect, it } from 'vitest';
import type { KubernetesEvent } from '../../../src/kubernetes/resources.ts';
import { eventReason } from '../../../src/sessions/status/event-reason.ts';
import type { Fields } from '../objects.ts';

const event = (reason: string, message = '', second = 0, more: Fields = {}) =>
  ({
    type: 'Warning',
    reason,
    message,
    lastTimestamp: `2026-03-01T10:00:${String(second).padStart(2, '0')}Z`,
    metadata: {},
    ...more,
  }) as KubernetesEvent;
const normal = (reason: string, second: number) => event(reason, '', second, { type: 'Normal' });
const POD = 'pods "session-x-1-abcde" is forbidden: ';

describe('the events of a Job that has no pod', () => {
  it.each([
    [
      `${POD}exceeded quota: small, requested: limits.memory=4Gi,pods=1, used: limits.memory=0,pods=0, limited: limits.memory=1Gi,pods=0`,
      'QuotaExceeded',
      'it would exceed the quota small (requested: limits.memory=4Gi,pods=1, used: limits.memory=0,pods=0, limited: limits.memory=1Gi,pods=0)',
    ],
    [
      `${POD}failed quota: strict: must specify limits.cpu for: runner; requests.cpu for: runner`,
      'QuotaExceeded',
      'the quota strict requires it to specify limits.cpu',
    ],
    [
      `${POD}[maximum cpu usage per Container is 100m, but limit is 2, maximum memory usage per Pod is 1Gi, but limit is 4294967296]`,
      'LimitRangeExceeded',
      'by a LimitRange the maximum cpu of a Container is 100m',
    ],
    [
      `${POD}cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000`,
      'LimitRangeExceeded',
      'by a LimitRange the limit of cpu of a Container is at most 2 requests',
    ],
    [
      `${POD}violates PodSecurity "restricted:latest": runAsUser=0 (pod must not set runAsUser=0)`,
      'AdmissionDenied',
      'it violates the Pod Security Standard restricted:latest',
    ],
    [
      `${POD}unable to validate against any security context constraint: [provider "anyuid": Forbidden]`,
      'AdmissionDenied',
      'no SecurityContextConstraints allow it',
    ],
    [
      `${POD}ValidatingAdmissionPolicy 'registries' with binding 'all' denied request: s3cret`,
      'AdmissionDenied',
      'the admission policy registries denies it',
    ],
    [
      'admission webhook "validate.kyverno.svc-fail" denied the request: s3cret',
      'AdmissionDenied',
      'the admission webhook validate.kyverno.svc-fail denies it',
    ],
    [
      'Internal error occurred: failed calling webhook "pods.example.com": failed to call webhook: s3cret',
      'PodNotCreated',
      'the admission webhook pods.example.com cannot be called',
    ],
    [
      `${POD}error looking up service account demo/x: serviceaccount "x" not found`,
      'PodNotCreated',
      "the run's ServiceAccount does not exist",
    ],
  ])('tell why: %s', (message, reason, why) => {
    expect(eventReason([event('FailedCreate', `Error creating: ${message}`)])).toEqual({
      status: 'False',
      reason,
      message: `No pod can be created: ${why}`,
    });
  });

  it.each(['Error creating: s3cret', 'exceeded quota: s3cret', 'violates PodSecurity "s3cret s3cret"', ''])(
    'are referred to where their text is not known: %s',
    (message) => {
      const said = eventReason([event('FailedCreate', message)]);
      expect(said).toMatchObject({ status: 'False', reason: 'PodNotCreated' });
      expect(said?.message).not.toContain('s3cret');
    },
  );

  it('count from the last that is normal', () => {
    const denied = event('FailedCreate', '', 1);
    expect(eventReason([denied, normal('SuccessfulCreate', 2)])).toBeUndefined();
    expect(eventReason([denied, normal('SuccessfulCreate', 1)])?.reason).toBe('PodNotCreated');
    expect(eventReason([])).toBeUndefined();
  });
});

describe('the events of a pod that does not start', () => {
  it.each([
    ['FailedMount', 'VolumeMountFailed'],
    ['FailedAttachVolume', 'VolumeMountFailed'],
    ['FailedCreatePodSandBox', 'SandboxFailed'],
    ['NetworkNotReady', 'SandboxFailed'],
    ['constructor', undefined],
    ['FailedToRetrieveImagePullSecret', undefined],
  ])('%s', (reason, said) => {
    const found = eventReason([normal('Scheduled', 1), event(reason, 's3cret', 2)]);
    expect(found?.reason).toBe(said);
    expect(found?.message ?? '').not.toContain('s3cret');
  });

  it('tell the newest reason, in whichever form they have their times', () => {
    const series = { lastObservedTime: '2026-03-01T10:00:09.000000Z' };
    const newest = event('FailedMount', '', 0, { lastTimestamp: null, series });
    for (const events of [
      [newest, event('NetworkNotReady', '', 8)],
      [event('NetworkNotReady', '', 8), newest],
    ])
      expect(eventReason(events)?.reason).toBe('VolumeMountFailed');
  });
});

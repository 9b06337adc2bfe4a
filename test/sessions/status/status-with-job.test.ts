import { describe } from 'vitest';
import { container, job, pod } from '../objects.ts';
import {
  complete,
  deleted,
  ENDED,
  failed,
  finished,
  itPatches,
  NOW,
  pending,
  type Row,
  running,
  STARTED,
  STOPPED,
  started,
  stopped,
} from './status-rows.ts';

/** Of a run that failed for want of memory. */
const pods = [
  pod({
    phase: 'Failed',
    containerStatuses: [container({ terminated: { exitCode: 137, reason: 'OOMKilled' } })],
  }),
];

const ROWS: Row[] = [
  // A run is wanted.
  ['with a Job is Creating', {}, { job: pending, isWanted: true }, { phase: 'Creating' }, 'Starting'],
  [
    'with a Job that has started is Creating until its pod runs',
    {},
    { job: started, pods: [pod({ phase: 'Pending' })], isWanted: true },
    { phase: 'Creating', startTime: STARTED },
    'Starting',
  ],
  [
    'with a pod without a status is Creating',
    {},
    { job: pending, pods: [pod(undefined)], isWanted: true },
    { phase: 'Creating' },
    'Starting',
  ],
  [
    'with a pod that cannot start is Creating, with the reason',
    {},
    {
      job: pending,
      pods: [
        pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ErrImagePull' } })] }),
      ],
      isWanted: true,
    },
    { phase: 'Creating' },
    'ImagePullFailed',
  ],
  [
    'with the pod of another Job is Creating',
    {},
    {
      job: pending,
      pods: [pod({ phase: 'Running' }, {}, job({ metadata: { uid: 'other' } }))],
      isWanted: true,
    },
    { phase: 'Creating' },
    'Starting',
  ],
  [
    'with a pod that runs is Running',
    {},
    { job: started, pods: [running], isWanted: true },
    { phase: 'Running', startTime: STARTED },
    'Running',
  ],
  [
    'with a pod that has ended before its Job is still Running',
    {},
    { job: started, pods: [pod({ phase: 'Succeeded' })], isWanted: true },
    { phase: 'Running', startTime: STARTED },
    'Completed',
  ],
  [
    'with a pod that has failed before its Job is still Running',
    {},
    { job: started, pods: [pod({ phase: 'Failed' })], isWanted: true },
    { phase: 'Running', startTime: STARTED },
    'PodFailed',
  ],
  [
    'with a Job is Creating, whatever its status was',
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED, stoppedReason: 'inactivity' },
    { job: pending, isWanted: true },
    { phase: 'Creating', startTime: null, completionTime: null, stoppedReason: null },
    'Starting',
  ],

  [
    'whose pod has failed before the runner was started is Creating',
    {},
    {
      job: started,
      pods: [
        pod({
          phase: 'Failed',
          initContainerStatuses: [{ ...container({ terminated: { exitCode: 1 } }), name: 'init' }],
          containerStatuses: [container({ waiting: { reason: 'PodInitializing' } })],
        }),
      ],
      isWanted: true,
    },
    { phase: 'Creating', startTime: STARTED },
    'InitContainerFailed',
  ],
  [
    'whose pod has been deleted before its Job failed is still Running',
    {},
    { job: started, lastPod: running, hasStarted: true, isWanted: true },
    { phase: 'Running', startTime: STARTED },
    'Running',
  ],
  [
    'whose runner has ended beside another container is Running, and its health says so',
    {},
    {
      job: started,
      pods: [
        pod({
          phase: 'Running',
          containerStatuses: [
            { ...container({ running: {} }), name: 'istio-proxy' },
            container({ terminated: { exitCode: 0, reason: 'Completed' } }),
          ],
        }),
      ],
      isWanted: true,
    },
    { phase: 'Running', startTime: STARTED },
    'RunnerEnded',
  ],
  [
    'with a Job that is suspended is Creating, with the reason',
    {},
    { job: { ...pending, spec: { suspend: true, template: {} } }, isWanted: true },
    { phase: 'Creating' },
    'Suspended',
  ],

  // The run ended by itself.
  [
    'with a Job that is complete is Completed',
    {},
    { job: complete, isWanted: true },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED },
    'Completed',
  ],
  [
    'with a Job that failed is Failed, with the reason',
    {},
    { job: failed, isWanted: true, pods },
    { phase: 'Failed', startTime: STARTED, completionTime: ENDED },
    'OutOfMemory',
  ],
  [
    'with a Job that failed for no known reason is Failed',
    {},
    { job: failed },
    { phase: 'Failed', startTime: STARTED, completionTime: ENDED },
    'PodFailed',
  ],
  [
    'with a Job that is complete is Completed, even if it was stopped as well',
    stopped,
    { job: complete },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED, stoppedReason: null },
    'Completed',
  ],
  [
    'with a Job that completed while it was being deleted is Completed',
    {},
    { job: finished('Complete', { completionTime: ENDED }, deleted) },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED },
    'Completed',
  ],
  [
    'with a Job that had failed before it was deleted is Failed',
    {},
    { job: finished('Failed', { lastTransitionTime: '2026-03-01T10:29:59Z' }, deleted), pods },
    { phase: 'Failed', startTime: STARTED, completionTime: '2026-03-01T10:29:59Z' },
    'OutOfMemory',
  ],
  [
    'with a failed Job without a finish time ended now',
    {},
    { job: finished('Failed', {}), pods },
    { phase: 'Failed', startTime: STARTED, completionTime: NOW },
    'OutOfMemory',
  ],
  [
    'with a complete Job that has an odd finish time ended now',
    {},
    { job: finished('Complete', { completionTime: 'yesterday', lastTransitionTime: 'noon' }) },
    { phase: 'Completed', startTime: STARTED, completionTime: NOW },
    'Completed',
  ],
  [
    'with a failed Job without a finish time keeps its completion time',
    { phase: 'Failed', startTime: STARTED, completionTime: STOPPED },
    { job: finished('Failed', {}) },
    {},
    'PodFailed',
  ],
  [
    'with a condition that is not True has not finished',
    {},
    {
      job: job({ status: { startTime: STARTED, conditions: [{ type: 'Complete', status: 'False' }] } }),
      pods: [running],
      isWanted: true,
    },
    { phase: 'Running', startTime: STARTED },
    'Running',
  ],

  // The run is being stopped.
  [
    'with a Job that is not wanted is Stopping',
    { phase: 'Running', startTime: STARTED },
    { job: started, pods: [running], wasStarted: true },
    { phase: 'Stopping', stoppedReason: 'user' },
    'Stopping',
  ],
  [
    'with a Job that is not wanted after its inactivity is Stopping, with the reason',
    { phase: 'Running', startTime: STARTED },
    { job: started, pods: [running], wasStarted: true, stoppedReason: 'inactivity' },
    { phase: 'Stopping', stoppedReason: 'inactivity' },
    'Stopping',
  ],
  [
    'with a wanted Job that is being deleted is Stopping, without a reason',
    { phase: 'Running', startTime: STARTED },
    { job: job({ metadata: deleted, status: { startTime: STARTED } }), pods: [running], isWanted: true },
    { phase: 'Stopping' },
    'Stopping',
  ],
  [
    'with a Job that failed because it was deleted is Stopping',
    { phase: 'Running', startTime: STARTED },
    { job: finished('Failed', { lastTransitionTime: STOPPED }, deleted), wasStarted: true },
    { phase: 'Stopping', stoppedReason: 'user' },
    'Stopping',
  ],
];

describe('a session', () => itPatches(ROWS));

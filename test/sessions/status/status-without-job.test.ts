import { describe } from 'vitest';
import { job, pod } from '../objects.ts';
import {
  CREATED,
  complete,
  deleted,
  ENDED,
  failed,
  finished,
  itPatches,
  LATER,
  NOW,
  pending,
  type Row,
  running,
  STARTED,
  STOPPED,
  started,
  stopped,
} from './status-rows.ts';

const ROWS: Row[] = [
  // A run is wanted.
  ['that wants a run is Pending', {}, { isWanted: true }, { phase: 'Pending' }],
  [
    'that wants a run again forgets why it was stopped',
    stopped,
    { isWanted: true },
    { phase: 'Pending', stoppedReason: null },
  ],
  [
    'that wants a run is Pending, whatever became of an earlier one',
    { phase: 'Running' },
    { isWanted: true, deletedJob: started },
    { phase: 'Pending' },
  ],

  // Pods are left.
  [
    'is Stopping until its pods have ended',
    { phase: 'Running', startTime: STARTED, completionTime: STOPPED },
    { pods: [pod({ phase: 'Succeeded' }), running], deletedJob: started, wasStarted: true },
    { phase: 'Stopping', completionTime: null, stoppedReason: 'user' },
    'Stopping',
  ],
  [
    'is Stopping while an earlier run has pods, even if it wants a run',
    { phase: 'Stopped', stoppedReason: 'user' },
    { pods: [pod(undefined)], isWanted: true },
    { phase: 'Stopping', stoppedReason: null },
    'Stopping',
  ],

  // The Job was deleted.
  [
    'whose deleted Job was complete is Completed',
    { phase: 'Stopping', stoppedReason: 'user' },
    { deletedJob: complete, wasStarted: true },
    { phase: 'Completed', startTime: STARTED, completionTime: ENDED, stoppedReason: null },
  ],
  [
    'whose deleted Job had failed is Failed, whatever its status was',
    { phase: 'Completed', startTime: CREATED, completionTime: NOW },
    { deletedJob: failed, wasStarted: true },
    { phase: 'Failed', startTime: STARTED, completionTime: ENDED },
  ],
  [
    'whose Job failed because it was deleted is Stopped now',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    { deletedJob: finished('Failed', { lastTransitionTime: STOPPED }, deleted), wasStarted: true },
    { phase: 'Stopped', completionTime: NOW },
    'Stopped',
  ],
  [
    'whose deleted Job had not finished is Stopped now',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'inactivity' },
    { deletedJob: started, wasStarted: true, stoppedReason: 'inactivity' },
    { phase: 'Stopped', completionTime: NOW },
    'Stopped',
  ],
  [
    'whose deleted Job had never started has no start time',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    { deletedJob: pending, wasStarted: true },
    { phase: 'Stopped', startTime: null, completionTime: NOW },
    'Stopped',
  ],
  [
    'whose deleted Job had ended pods is Stopped',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    { deletedJob: started, pods: [pod({ phase: 'Failed' })], wasStarted: true },
    { phase: 'Stopped', completionTime: NOW },
    'Stopped',
  ],
  [
    'that is Stopped keeps its completion time',
    { ...stopped, startTime: STARTED },
    { deletedJob: started, wasStarted: true },
    {},
    'Stopped',
  ],
  [
    'that was Stopped before its Job existed was stopped now',
    { ...stopped, startTime: STARTED, completionTime: '2026-03-01T09:59:59Z' },
    { deletedJob: started, wasStarted: true },
    { completionTime: NOW },
    'Stopped',
  ],
  [
    'with a completion time in the future was stopped now',
    { ...stopped, startTime: STARTED, completionTime: '2026-03-01T11:00:01Z' },
    { deletedJob: started, wasStarted: true },
    { completionTime: NOW },
    'Stopped',
  ],
  [
    'with an odd completion time was stopped now',
    { ...stopped, startTime: STARTED, completionTime: 'yesterday' },
    { deletedJob: started, wasStarted: true },
    { completionTime: NOW },
    'Stopped',
  ],
  [
    'that is Running with a completion time was stopped now',
    { phase: 'Running', startTime: STARTED, completionTime: STOPPED },
    { deletedJob: started, wasStarted: true },
    { phase: 'Stopped', completionTime: NOW, stoppedReason: 'user' },
    'Stopped',
  ],
  [
    'whose Job was created by a clock that is ahead was not stopped before that',
    { phase: 'Stopping', startTime: STARTED, stoppedReason: 'user' },
    {
      deletedJob: job({ metadata: { creationTimestamp: LATER }, status: { startTime: STARTED } }),
      wasStarted: true,
    },
    { phase: 'Stopped', completionTime: LATER },
    'Stopped',
  ],

  // Nothing is known but the status.
  ['that was never started is Pending', {}, {}, { phase: 'Pending' }],
  [
    'that was never started is Pending, whatever its phase was',
    { phase: 'Running', stoppedReason: 'user' },
    {},
    { phase: 'Pending', stoppedReason: null },
  ],
  [
    'that was started and has no run left was stopped now',
    {},
    { wasStarted: true },
    { phase: 'Stopped', completionTime: NOW, stoppedReason: 'user' },
    'Stopped',
  ],
  [
    'that was Running and has no run left was stopped now',
    { phase: 'Running', startTime: STARTED },
    { wasStarted: true, stoppedReason: 'inactivity' },
    { phase: 'Stopped', completionTime: NOW, stoppedReason: 'inactivity' },
    'Stopped',
  ],
  ['that is Completed stays so', { phase: 'Completed', completionTime: ENDED }, { wasStarted: true }, {}],
  ['that is Failed stays so', { phase: 'Failed', completionTime: ENDED }, { wasStarted: true }, {}],
  ['that is Stopped stays so', stopped, { wasStarted: true, stoppedReason: 'inactivity' }, {}, 'Stopped'],
  [
    'with an unknown phase that was started was stopped now',
    { phase: 'stopped' },
    { wasStarted: true },
    { phase: 'Stopped', completionTime: NOW, stoppedReason: 'user' },
    'Stopped',
  ],
];

describe('a session without a Job', () => itPatches(ROWS));

import type { SessionPhase } from '../generated/graphql.ts';

export const phases: Record<SessionPhase, string> = {
  PENDING: 'Pending',
  CREATING: 'Creating',
  RUNNING: 'Running',
  STOPPING: 'Stopping',
  STOPPED: 'Stopped',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  UNKNOWN: 'Unknown',
};

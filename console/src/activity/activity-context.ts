import { createContext, useContext } from 'react';
import type { ActivityLog } from './activity-log.ts';

export const ActivityLogContext = createContext<ActivityLog | undefined>(undefined);

export function useActivityLog(): ActivityLog {
  const log = useContext(ActivityLogContext);
  if (!log) throw new Error('There is no ActivityLogContext');
  return log;
}

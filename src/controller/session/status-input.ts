import type { Job } from '../../kubernetes/resources.ts';
import type { RunTemplate } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import { finishedCondition } from '../../sessions/run/job-state.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { isWanted, stoppedReasonOf, wasStarted } from '../../sessions/status/desired-state.ts';
import type { StatusInput } from '../../sessions/status/session-status.ts';
import { problemOf, type RunHistory } from './run-history.ts';
import type { Run, SessionCache } from './session-cache.ts';

interface StatusSources {
  key: string;
  session: AgenticSession;
  runs: Run[];
  cache: SessionCache;
  history: RunHistory;
  runTemplate: RunTemplate;
}

/** Collects what the session's status is computed from. */
export function statusInputOf(source: StatusSources): StatusInput {
  const { key, session, runs, cache, history, runTemplate } = source;
  const job = latestJob(session, runs);
  const pods = cache.pods(key);
  const record = job && history.observe(key, job, pods);
  return {
    job,
    deletedJob: job ? undefined : cache.deletedJob(key),
    pods,
    isWanted: isWanted(session),
    wasStarted: wasStarted(session),
    stoppedReason: stoppedReasonOf(session),
    secretKeys: runTemplate.runnerTypes.flatMap(({ requiredSecretKeys }) => requiredSecretKeys),
    ...(record && { lastPod: record.pod, hasStarted: record.hasStarted, problem: problemOf(record) }),
  };
}

/** The Job of the latest run, except a finished one of an earlier start: the Job of the latest start does not exist. */
function latestJob(session: AgenticSession, runs: Run[]): Job | undefined {
  const job = runs.at(-1)?.job;
  const isOld = job && finishedCondition(job) && startRequestOf(job) !== startRequestOf(session);
  return isOld ? undefined : job;
}

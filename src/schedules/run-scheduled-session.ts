import type { ScheduleAuthority } from '../authorization/authorize-owner.ts';
import type { Writ } from '../authorization/writ.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import type { ActiveSession } from '../model/schedule.ts';
import { beginSession, type SessionDependencies } from '../sessions/create-session.ts';
import { buildScheduledSession } from './build-scheduled-session.ts';
import { sessionNameOfTick } from './session-of-tick.ts';
import { readSessionTemplate } from './session-template.ts';
import { activeSessionsOf, concurrencyPolicyOf } from './stored-schedule.ts';
import { assertTick, tickOfJob } from './tick.ts';

export interface RunScheduledSessionInput {
  project: string;
  /** Of the CronJob. */
  name: string;
  /** The Job that Kubernetes has created for the tick. */
  job: string;
}

export const SCHEDULED_RUN_OUTCOMES = ['CREATED', 'ALREADY_CREATED', 'SUSPENDED', 'SKIPPED'] as const;

export interface ScheduledRun {
  outcome: (typeof SCHEDULED_RUN_OUTCOMES)[number];
  /** The session's name, if there is one. */
  sessionName?: string;
  tick: Date;
}

interface Dependencies extends SessionDependencies {
  schedules: ScheduleAuthority;
}

/**
 * Creates the session of one tick of a schedule, for the schedule's own ServiceAccount, in the name of its owner. What it is
 * comes from the CronJob; from the caller comes only which tick it is. Errors: FORBIDDEN (another caller, or the owner may not
 * create sessions), NOT_FOUND, BAD_USER_INPUT (not a tick, or a template that is not valid any more), and those of
 * createSession.
 */
export async function runScheduledSession(
  dependencies: Dependencies,
  input: RunScheduledSessionInput,
): Promise<ScheduledRun> {
  const { user, schedules, runners } = dependencies;
  const namespace = parseNamespace(input.project, 'input.project');
  const name = parseName(input.name, 'input.name');
  const schedule = await schedules.identify(user, { namespace, name });
  const { cronJob } = schedule;
  const tick = tickOfJob(name, input.job, 'input.job');
  assertTick(cronJob, tick, Date.now(), 'input.job');
  if (cronJob.spec?.suspend) return { outcome: 'SUSPENDED', tick };
  const sessionName = sessionNameOfTick(cronJob.metadata.uid, tick);
  const active = activeSessionsOf(cronJob);
  // An earlier request for the tick has created it: it is no reason to skip the tick, and must not be stopped.
  if (active.some((session) => session.name === sessionName))
    return { outcome: 'ALREADY_CREATED', sessionName, tick };
  const policy = concurrencyPolicyOf(cronJob);
  if (policy === 'FORBID' && active.length > 0) return { outcome: 'SKIPPED', tick };
  // Before the reviews: without a template that is valid, nothing is asked about the owner.
  readSessionTemplate(cronJob, runners.template);

  // All reviews come before the first write: if one is refused, nothing is written.
  const stops: { session: ActiveSession; writ: Writ }[] = [];
  for (const session of policy === 'REPLACE' ? active : []) {
    const writ = await schedules.authorizeOwner(user, schedule, 'replaceScheduledSession', session.name);
    stops.push({ session, writ });
  }
  const writ = await schedules.authorizeOwner(user, schedule, 'runScheduledSession');
  for (const { session, writ } of stops) await stop(writ, session, cronJob);

  const session = await writ.session
    .create(buildScheduledSession(cronJob, writ, runners.template, tick))
    .catch(undefinedIfAlreadyExists);
  // Nobody here can read it: nothing is known of it but its name, and nothing is done with it.
  if (!session) return { outcome: 'ALREADY_CREATED', sessionName, tick };
  // Which Secret the run mounts can depend on the project's settings, which the schedule's account may not read: the controller
  // knows them, and creates the run.
  const isRunLeft = runners.template.allowedRunnerSecretsNames.length > 0;
  await beginSession(dependencies, writ, session, !isRunLeft);
  return { outcome: 'CREATED', sessionName, tick };
}

function undefinedIfAlreadyExists(error: unknown): undefined {
  if (!(error instanceof KubernetesError && error.isAlreadyExists)) throw error;
}

/** A session that has ended or was stopped since it was noted needs no stop. */
async function stop(writ: Writ, session: ActiveSession, { metadata }: CronJob): Promise<void> {
  try {
    await writ.session.stopScheduled(session, metadata.uid, new Date().toISOString());
  } catch (error) {
    const isOver = error instanceof KubernetesError && (error.isNotFound || error.mayBePreconditionFailed);
    if (!isOver) throw error;
  }
}

import type { ScheduleAuthority } from '../authorization/authorize-owner.ts';
import type { Writ } from '../authorization/writ.ts';
import { BadUserInput } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { parseName, parseNamespace } from '../kubernetes/path.ts';
import type { CronJob } from '../kubernetes/resources.ts';
import type { ActiveSession } from '../model/schedule.ts';
import { buildSession, type SessionInput } from '../sessions/build-session.ts';
import { beginSession, parseSessionInput, type SessionDependencies } from '../sessions/create-session.ts';
import { sessionNameOfTick, withSchedule } from './session-of-tick.ts';
import { activeSessionsOf, concurrencyPolicyOf, templateOf } from './stored-schedule.ts';
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
  const template = parseTemplate(dependencies, cronJob, namespace, sessionName);

  // All reviews come before the first write: if one is refused, nothing is written.
  const stops: { session: ActiveSession; writ: Writ }[] = [];
  for (const session of policy === 'REPLACE' ? active : []) {
    const writ = await schedules.authorizeOwner(user, schedule, 'replaceScheduledSession', session.name);
    stops.push({ session, writ });
  }
  const writ = await schedules.authorizeOwner(user, schedule, 'runScheduledSession');
  for (const { session, writ } of stops) await stop(writ, session, cronJob);

  const { start = true, ...sessionInput } = template;
  const manifest = buildSession(sessionInput as SessionInput, writ, runners.template, start ?? true);
  const session = await writ.session
    .create(withSchedule(manifest, cronJob, tick))
    .catch(undefinedIfAlreadyExists);
  // Nobody here can read it: nothing is known of it but its name, and nothing is done with it.
  if (!session) return { outcome: 'ALREADY_CREATED', sessionName, tick };
  await beginSession(dependencies, writ, session, start ?? true);
  return { outcome: 'CREATED', sessionName, tick };
}

function undefinedIfAlreadyExists(error: unknown): undefined {
  if (!(error instanceof KubernetesError && error.isAlreadyExists)) throw error;
}

/** The template as an input that passes the rules of today, for this project and name. */
function parseTemplate({ runners }: Dependencies, cronJob: CronJob, project: string, name: string) {
  const given = { ...templateOf(cronJob), project, name, parentSession: null, idempotencyKey: null };
  try {
    return parseSessionInput(given, runners.template);
  } catch (error) {
    if (!(error instanceof BadUserInput)) throw error;
    const fields = error.fields.map(({ path, message }) => ({
      path: path.replace(/^input\b/, 'template'),
      message,
    }));
    throw new BadUserInput(fields);
  }
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

import { Forbidden, NotFound } from '../errors.ts';
import { CRON_JOBS, type CronJob } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { isScheduledSession, type ScheduleOwner } from '../model/schedule.ts';
import { parseScheduleUsername } from '../model/schedule-account.ts';
import { readOwner } from '../model/schedule-owner.ts';
import { reviewSubject } from './reviews.ts';

interface ScheduleTerms {
  /** The request's: the proof is valid for no other. */
  user: UserCluster;
  /** The username of the schedule's ServiceAccount. */
  username: string;
  namespace: string;
  /** As the CronJob recorded it when it was read; undefined if it is missing or malformed. */
  owner: Readonly<ScheduleOwner> | undefined;
}

const ISSUER = Symbol('issuer of calling schedules');

/**
 * Proof that a request comes from a schedule's own ServiceAccount. Whose rights Writ reviews follows from it alone: nobody
 * can have the rights of another user reviewed.
 */
export class CallingSchedule {
  /** As the schedule has read it, with its own token. */
  readonly cronJob: CronJob;
  readonly #terms: ScheduleTerms;

  constructor(issuer: symbol, cronJob: CronJob, terms: ScheduleTerms) {
    if (issuer !== ISSUER) throw new TypeError('only identifySchedule() makes a CallingSchedule');
    this.cronJob = cronJob;
    this.#terms = terms;
    Object.freeze(this);
  }

  /** TypeError if it is none, or was made for another request. */
  static termsOf(schedule: CallingSchedule, user: UserCluster): ScheduleTerms {
    if (!(#terms in schedule) || schedule.#terms.user !== user)
      throw new TypeError('not the schedule that calls');
    return schedule.#terms;
  }
}

/**
 * The schedule with this name, if the caller is its own ServiceAccount. Who calls, and what the schedule is, the cluster says
 * with the caller's token. Errors: FORBIDDEN (somebody else calls, and no object is read for them), NOT_FOUND.
 */
export async function identifySchedule(
  user: UserCluster,
  { namespace, name }: { namespace: string; name: string },
): Promise<CallingSchedule> {
  const { username } = await reviewSubject(user);
  const account = parseScheduleUsername(username);
  if (account?.namespace !== namespace) throw notItself();
  const cronJob = await user.find<CronJob>(CRON_JOBS, namespace, name);
  if (!cronJob) throw new NotFound(`Project ${namespace} has no scheduled session "${name}"`);
  if (cronJob.metadata.uid !== account.uid || !isScheduledSession(cronJob)) throw notItself();
  const owner = readOwner(cronJob);
  return new CallingSchedule(ISSUER, cronJob, { user, username, namespace, owner });
}

function notItself(): Forbidden {
  return new Forbidden("Only the scheduled session's own service account may do this");
}

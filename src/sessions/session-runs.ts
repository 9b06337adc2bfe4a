import { NotFound } from '../errors.ts';
import type { AnyObject } from '../kubernetes/reader.ts';
import { controllerUidOf, JOBS, type Job, PODS, type Pod } from '../kubernetes/resources.ts';
import { scan } from '../kubernetes/scan.ts';
import type { LiveCluster } from '../live/hub.ts';
import type { SessionRuns } from '../live/log-follower.ts';
import { SESSION_NAME_LABEL, SESSION_UID_LABEL } from '../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../model/session.ts';
import { parseTimestamp } from '../model/timestamps.ts';
import { jobOf, newestFirst } from './run/job-state.ts';
import { startRequestOf } from './run/start-request.ts';
import { isWanted } from './status/desired-state.ts';
import { ENDED_PHASES } from './status/session-status.ts';

const MAX_JOBS = 1_000;
const MAX_LABEL = 63;

/**
 * The pods of the session's runs at first, and after each change, until its last run has ended. Another session of the same
 * name, that is created later, is not followed. Errors: NOT_FOUND, and those of the watches, of pods and of the session, and
 * of the list of Jobs.
 */
export async function* sessionRuns(
  live: LiveCluster,
  namespace: string,
  name: string,
): AsyncGenerator<SessionRuns> {
  const sessions = live.objects<AgenticSession>({
    type: AGENTIC_SESSIONS,
    namespace,
    fieldSelector: `metadata.name=${name}`,
  });
  do if (!(await live.changed())) return;
  while (!sessions.isSynced);
  const uid = sessions.values[0]?.metadata.uid;
  if (uid === undefined) throw new NotFound(`Session "${name}" was not found`, { project: namespace, name });

  const podsWith = (labelSelector: string) => live.objects<Pod>({ type: PODS, namespace, labelSelector });
  const labelled = podsWith(`${SESSION_UID_LABEL}=${uid}`);
  // Those that another operator makes have no Job. A name that cannot be a label's value is on no pod.
  const others = name.length <= MAX_LABEL ? podsWith(`${SESSION_NAME_LABEL}=${name}`) : undefined;
  const jobs = new SessionJobs(live, namespace, uid);
  while (await live.changed()) {
    if (!labelled.isSynced || others?.isSynced === false) continue;
    const session = sessions.values.find(({ metadata }) => metadata.uid === uid);
    const ofJobs = await jobs.podsOf(labelled.values);
    const withoutJobs = (others?.values ?? []).filter((pod) => controllerUidOf(pod) === uid);
    const pods = [...ofJobs, ...withoutJobs].sort(newestFirst);
    yield { pods, hasEnded: !session || (await hasEnded(session, jobs)) };
  }
}

/** The Jobs of one session, listed whenever one may be missing. */
class SessionJobs {
  readonly #live: LiveCluster;
  readonly #namespace: string;
  readonly #uid: string;
  #jobs: Job[] = [];
  /** Controllers of pods that the last list was made for: those that are not in it are no Jobs of the session. */
  #asked = new Set<string>();

  constructor(live: LiveCluster, namespace: string, uid: string) {
    this.#live = live;
    this.#namespace = namespace;
    this.#uid = uid;
  }

  /** Those of the session, newest first. The label only narrows the list: the owner decides. */
  async podsOf(labelled: Pod[]): Promise<Pod[]> {
    const owners = new Set(labelled.map((pod) => jobOf(pod)?.uid ?? ''));
    if (!owners.isSubsetOf(this.#asked)) {
      this.#asked = owners;
      await this.list();
    }
    const uids = new Set(this.#jobs.map(({ metadata }) => metadata.uid));
    return labelled.filter((pod) => uids.has(jobOf(pod)?.uid ?? '')).sort(newestFirst);
  }

  async list(): Promise<Job[]> {
    const { items } = await this.#live.call((user) =>
      scan<Job>(user, JOBS, this.#namespace, MAX_JOBS, {
        labelSelector: `${SESSION_UID_LABEL}=${this.#uid}`,
      }),
    );
    this.#jobs = items.filter((job: AnyObject) => controllerUidOf(job) === this.#uid);
    return this.#jobs;
  }
}

/**
 * Whether no run is active or to come. A session that was started again keeps the phase of its last run until the new one
 * is there.
 */
async function hasEnded(session: AgenticSession, jobs: SessionJobs): Promise<boolean> {
  if (!ENDED_PHASES.includes(session.status?.phase ?? '')) return false;
  const start = startRequestOf(session);
  const startedAt = parseTimestamp(start);
  const completedAt = parseTimestamp(session.status?.completionTime);
  if (!isWanted(session) || startedAt === undefined || completedAt === undefined || startedAt < completedAt)
    return true;
  // A time in the status has whole seconds: the run that has completed may be the one of this start.
  return (await jobs.list()).some((job) => startRequestOf(job) === start);
}

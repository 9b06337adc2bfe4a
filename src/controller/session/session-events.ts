import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { toWritError } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { EVENTS, type Job } from '../../kubernetes/resources.ts';
import { AGENTIC_SESSIONS, type AgenticSession, type AgenticSessionStatus } from '../../model/session.ts';
import { formatTimestamp, parseTimestamp } from '../../model/timestamps.ts';
import { finishedCondition, isActive } from '../../sessions/run/job-state.ts';
import { parseRunName } from '../../sessions/run/run-objects.ts';
import { startRequestOf } from '../../sessions/run/start-request.ts';
import { RUN_HEALTHY, storedConditions } from '../../sessions/status/conditions.ts';
import { ownMessage, type RunReason } from '../../sessions/status/run-reason.ts';
import type { ReconcileClient } from './reconcile-client.ts';

/** What happened to a run, for those who read the session's events. */
interface Occurrence {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

/** What a pass has found out. */
interface Found {
  /** Of the latest run, if it exists. */
  job: Job | undefined;
  /** As the pass has computed it. */
  status: AgenticSessionStatus;
  /** Whether the pass could create the run. */
  runCreated: RunReason | undefined;
}

/** What happened longer ago was recorded then: a replica that starts does not record it again. */
const RECENT_MS = 600_000;
/** Occurrences that are remembered as recorded. */
const MAX_RECORDED = 20_000;
const COMPONENT = 'writ-controller';

/**
 * Records Kubernetes Events about sessions: that a run was created, how it ended, and what keeps it from running. The name of
 * an event is derived from what it is about, so that another replica, or another pass, does not record it twice.
 */
export class SessionEvents {
  readonly #onError: (error: unknown) => void;
  readonly #recorded = new LRUCache<string, true>({ max: MAX_RECORDED });

  /** @param onError is called when an event cannot be recorded. Nothing depends on events. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Records what a pass has found out about the latest run. */
  async recordRun(client: ReconcileClient, session: AgenticSession, found: Found): Promise<void> {
    const { job } = found;
    const about = job ? job.metadata.uid : `${session.metadata.uid} ${startRequestOf(session) ?? ''}`;
    for (const occurrence of occurrencesOf(found, Date.now()))
      await this.#record(client, session, about, occurrence);
  }

  async recordInactivity(client: ReconcileClient, session: AgenticSession, job: Job): Promise<void> {
    const message = `${nameOf(job)} was stopped because its session was inactive`;
    await this.#record(client, session, job.metadata.uid, { type: 'Normal', reason: 'RunStopped', message });
  }

  async #record(
    client: ReconcileClient,
    session: AgenticSession,
    about: string,
    occurrence: Occurrence,
  ): Promise<void> {
    const name = eventName(session, `${about} ${occurrence.reason}`);
    if (this.#recorded.has(name)) return;
    // Also if it fails: a project that takes no events does not get a call for each pass.
    this.#recorded.set(name, true);
    await this.#create(client, session, name, occurrence);
  }

  async #create(
    client: ReconcileClient,
    session: AgenticSession,
    name: string,
    { type, reason, message }: Occurrence,
  ): Promise<void> {
    const { namespace = '', name: sessionName, uid } = session.metadata;
    const at = formatTimestamp(new Date());
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        apiVersion: `${AGENTIC_SESSIONS.group}/${AGENTIC_SESSIONS.version}`,
        kind: AGENTIC_SESSIONS.kind,
        namespace,
        name: sessionName,
        uid,
      },
      type,
      reason,
      message,
      source: { component: COMPONENT },
      reportingComponent: COMPONENT,
      reportingInstance: client.identity,
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
    };
    try {
      await client.create({ act: 'recordEvent', type: EVENTS, namespace, name }, event);
    } catch (error) {
      if (error instanceof KubernetesError && error.isAlreadyExists) return;
      if (toWritError(error).code !== 'NOT_FOUND') this.#onError(error);
    }
  }
}

function occurrencesOf({ job, status, runCreated }: Found, now: number): Occurrence[] {
  if (!job) {
    if (runCreated?.status !== 'False') return [];
    return [{ type: 'Warning', reason: 'RunNotCreated', message: runCreated.message }];
  }
  const run = nameOf(job);
  const isRecent = (at: string | undefined) => now - (parseTimestamp(at) ?? 0) < RECENT_MS;
  const { status: health, reason = '', message: stored = '' } = healthIn(status) ?? {};
  // The runner can write what is stored.
  const message = ownMessage(reason, stored);
  const finished = finishedCondition(job);
  if (finished) {
    if (!isRecent(finished.lastTransitionTime) || message === undefined) return [];
    if (health === 'False')
      return [{ type: 'Warning', reason: 'RunFailed', message: `${run} failed: ${reason}: ${message}` }];
    return reason === 'Completed'
      ? [{ type: 'Normal', reason: 'RunCompleted', message: `${run} completed` }]
      : [];
  }
  const occurrences: Occurrence[] = [];
  if (!isActive(job)) return occurrences;
  if (isRecent(job.metadata.creationTimestamp))
    occurrences.push({ type: 'Normal', reason: 'RunCreated', message: `${run} was created` });
  if (health === 'False' && message !== undefined)
    occurrences.push({ type: 'Warning', reason, message: `${run}: ${message}` });
  return occurrences;
}

function healthIn(status: AgenticSessionStatus) {
  return storedConditions({ status }).find(({ type }) => type === RUN_HEALTHY);
}

function nameOf({ metadata }: Job): string {
  return `Run ${parseRunName(metadata.name)?.number ?? metadata.name}`;
}

/** As client-go names events: the object's name and a suffix. */
function eventName({ metadata: { name } }: AgenticSession, about: string): string {
  return `${name}.${createHash('sha256').update(about).digest('hex').slice(0, 16)}`;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Reservation } from '../budgets/memory-budget.ts';
import { TranslatableError, WritError } from '../errors.ts';
import { logContainerOf } from '../kubernetes/log-container.ts';
import type { Reader } from '../kubernetes/reader.ts';
import type { Pod } from '../kubernetes/resources.ts';
import type { CallerShare } from './caller.ts';
import { Latest } from './latest.ts';
import { inUtc } from './log-lines.ts';
import { type LogChunk, LogQueue, type LogQueueLimits } from './log-queue.ts';
import { type LogStart, type LogTimings, readPodLog } from './pod-log.ts';

/** What a session's logs come from. */
export interface SessionRuns {
  /** The pods of all runs of the session, newest first. */
  pods: Pod[];
  /** Whether no other pod will follow. */
  hasEnded: boolean;
}

export interface LogFollowerOptions {
  /** The state of the runs at first, and after each change, until the signal aborts. Its error ends the logs. */
  runs(signal: AbortSignal): AsyncIterable<SessionRuns>;
  /** Returns a reader whose calls the signal ends. Each log occupies a connection of it. */
  connect(signal: AbortSignal): Pick<Reader, 'followLog'>;
  /** Absent: the default of each pod. */
  container?: string | null | undefined;
  /**
   * With `tailLines`: the last lines of the newest pod, then all that follow. With `sinceTime` (RFC 3339): the lines of all
   * pods from this time on.
   */
  start: LogStart;
  /** Whether lines keep the SGR sequences for colours and the like. */
  styles?: boolean | undefined;
  /** Ends the logs: with an error, if that is the signal's reason, and nothing is sent any more. */
  signal: AbortSignal;
  /** Lines that wait to be sent count towards it. */
  memory: Reservation;
  /** Splitting a log into lines counts towards it. */
  share: CallerShare;
  limits: LogLimits;
  timings: LogTimings & {
    /** How long a log without new lines is followed although there is a newer pod, in ms: its node may be lost. */
    replacedMs: number;
  };
}

export interface LogLimits extends LogQueueLimits {
  /** The maximum length of a line in bytes. A longer one is cut. */
  lineBytes: number;
}

export const LOG_LIMITS: LogLimits = {
  size: 200,
  waitMs: 50,
  chunkBytes: 256 * 1024,
  queueLines: 10_000,
  queueBytes: 4 * 1024 * 1024,
  lineBytes: 16 * 1024,
};

export const LOG_TIMINGS: LogFollowerOptions['timings'] = {
  idleMs: 180_000,
  backoff: { baseMs: 200, maxMs: 10_000 },
  patienceMs: 300_000,
  replacedMs: 10_000,
};

/** About what the position in a log and the line that is being read take. */
const FOLLOWER_BYTES = 128 * 1024;

/**
 * The lines of a session's logs as they are written, from pod to pod, until the session's last run has ended and its log was
 * read to the end. Errors: BadUserInput (a pod does not have the container), KubernetesError, Unavailable, Timeout,
 * TooManyRequests (no memory), and those of `runs`.
 */
export async function* followLogs(options: LogFollowerOptions): AsyncGenerator<LogChunk> {
  const { signal, limits, memory } = options;
  const ends = new AbortController();
  const queue = new LogQueue(limits, memory);
  const cancel = () => {
    ends.abort();
    queue.cancel(errorOf(signal.reason));
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    memory.grow(FOLLOWER_BYTES);
    const end = (error?: unknown) => {
      queue.end(error);
      ends.abort();
    };
    void new SessionLogs(options, queue, ends.signal).read().then(() => end(), end);
    yield* queue.chunks();
  } finally {
    signal.removeEventListener('abort', cancel);
    ends.abort();
    memory.release();
  }
}

class SessionLogs {
  readonly #options: LogFollowerOptions;
  readonly #queue: LogQueue;
  readonly #signal: AbortSignal;
  readonly #runs: Latest<SessionRuns>;
  readonly #since: string;
  /** The UIDs of the pods that were read, and of those that are not wanted. */
  readonly #done = new Set<string>();
  #lastLineAt = 0;

  constructor(options: LogFollowerOptions, queue: LogQueue, signal: AbortSignal) {
    this.#options = options;
    this.#queue = queue;
    this.#signal = signal;
    this.#runs = new Latest(options.runs(signal));
    const { sinceTime } = options.start;
    this.#since = (sinceTime !== undefined && inUtc(sinceTime)) || '';
  }

  async read(): Promise<void> {
    await Promise.race([this.#readAll(), this.#runs.failed]);
  }

  async #readAll(): Promise<void> {
    const { tailLines, sinceTime } = this.#options.start;
    const isReady = ({ pods, hasEnded }: SessionRuns) => pods.length > 0 || hasEnded;
    const first = await this.#runs.until(isReady, this.#signal);
    if (!first) return;
    const [, ...earlier] = first.pods;
    for (const pod of earlier) {
      if (sinceTime === undefined || hasEndedBefore(pod, sinceTime)) this.#done.add(pod.metadata.uid);
    }
    let start: LogStart = sinceTime === undefined ? { tailLines } : { sinceTime: inSeconds(sinceTime) };
    for (let pod = await this.#nextPod(); pod; pod = await this.#nextPod()) {
      await this.#readPod(pod, start);
      if (sinceTime === undefined) start = {};
    }
  }

  async #nextPod(): Promise<Pod | undefined> {
    const isReady = (runs: SessionRuns) => runs.hasEnded || this.#unread(runs).length > 0;
    const runs = await this.#runs.until(isReady, this.#signal);
    return runs && this.#unread(runs).at(-1);
  }

  #unread({ pods }: SessionRuns): Pod[] {
    return pods.filter(({ metadata }) => !this.#done.has(metadata.uid));
  }

  async #readPod(pod: Pod, start: LogStart): Promise<void> {
    const { connect, container: requested, styles = false, limits, timings, share } = this.#options;
    const { uid, name } = pod.metadata;
    const container = logContainerOf(pod, requested);
    this.#done.add(uid);
    const ends = new AbortController();
    const end = () => ends.abort();
    this.#signal.addEventListener('abort', end);
    if (this.#signal.aborted) end();
    void this.#endWhenReplaced(ends);
    const log = readPodLog(
      {
        pod,
        container,
        start,
        current: () => this.#runs.value?.pods.find(({ metadata }) => metadata.uid === uid),
        isRunOver: () => this.#runs.value?.hasEnded === true,
        connect,
        onLine: ({ text, timestamp = new Date().toISOString() }) => {
          this.#lastLineAt = performance.now();
          // The log begins at a whole second.
          if (timestamp >= this.#since) this.#queue.push({ text, timestamp, pod: name, container });
        },
        wait: (ms, signal) => this.#runs.changedWithin(ms, signal),
        lineBytes: limits.lineBytes,
        styles,
        share,
        timings,
      },
      ends.signal,
    );
    try {
      await log;
    } finally {
      this.#signal.removeEventListener('abort', end);
      end();
    }
  }

  /** Ends a log that prints nothing more although there is a newer pod. */
  async #endWhenReplaced(ends: AbortController): Promise<void> {
    const { signal } = ends;
    const newer = await this.#runs.until((runs) => this.#unread(runs).length > 0, signal);
    if (!newer) return;
    const { replacedMs } = this.#options.timings;
    const replacedAt = performance.now();
    for (let left = replacedMs; left > 0 && !signal.aborted; ) {
      await delay(left, undefined, { signal }).catch(() => {});
      left = Math.max(replacedAt, this.#lastLineAt) + replacedMs - performance.now();
    }
    ends.abort();
  }
}

function hasEndedBefore({ status }: Pod, time: string): boolean {
  const statuses = status?.containerStatuses ?? [];
  // A status has whole seconds.
  const hasEnded = (finishedAt = '') => Date.parse(finishedAt) + 1_000 <= Date.parse(time);
  return statuses.length > 0 && statuses.every(({ state }) => hasEnded(state?.terminated?.finishedAt));
}

/** As the API server takes it, which does not accept every form of RFC 3339. */
function inSeconds(time: string): string {
  return new Date(Date.parse(time)).toISOString();
}

/** Other reasons are no errors: the client has gone. */
function errorOf(reason: unknown): unknown {
  return reason instanceof WritError || reason instanceof TranslatableError ? reason : undefined;
}

import { Timeout, Unavailable } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { FollowLogOptions, Reader } from '../kubernetes/reader.ts';
import type { Pod } from '../kubernetes/resources.ts';
import type { CallerShare } from './caller.ts';
import { logLines, type ParsedLine } from './log-lines.ts';
import { LogPosition } from './log-position.ts';

/** Where a log begins: at its last lines, or at a time (RFC 3339). Neither: at its first line. */
export type LogStart = Pick<FollowLogOptions, 'tailLines' | 'sinceTime'>;

export interface LogTimings {
  /** A log without a line for this time is opened again, in ms: its connection may be half open. */
  idleMs: number;
  /** The delay before the next attempt in ms: `baseMs` doubled for each failure in a row, minus a jitter of up to half. */
  backoff: { baseMs: number; maxMs: number };
  /** How long a log may be impossible to open before its error ends the subscription, in ms. */
  patienceMs: number;
}

export interface PodLogOptions {
  pod: Pod;
  container: string;
  start: LogStart;
  /** The pod as it is now; undefined if it does not exist any more. */
  current(): Pod | undefined;
  /** Whether a container that has not started never will. */
  isRunOver(): boolean;
  /** Returns a reader whose calls the signal ends. */
  connect(signal: AbortSignal): Pick<Reader, 'followLog'>;
  onLine(line: ParsedLine): void;
  /** Resolves after some time, or earlier if a pod has changed. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  lineBytes: number;
  /** Whether lines keep the SGR sequences for colours and the like. */
  styles: boolean;
  share: CallerShare;
  timings: LogTimings;
}

type Outcome = 'ended' | 'failed' | 'not started';

/**
 * Reads the log of one container to its end: through lost connections, without a line missing or repeated, and however late
 * the container starts. It ends early if the pod is deleted or the signal aborts.
 *
 * A log that has ended may have been cut off by the API server or by the kubelet. It is complete if it was opened after the
 * container was known to have terminated.
 *
 * Errors: KubernetesError if the log is refused (401, or 403 at first), and any error of the cluster that lasts.
 */
export async function readPodLog(options: PodLogOptions, signal: AbortSignal): Promise<void> {
  const { container, start, current, isRunOver, wait, timings } = options;
  const position = new LogPosition(start.tailLines !== undefined);
  const { baseMs, maxMs } = timings.backoff;
  let failures = 0;
  let reachedAt = performance.now();
  let wasOpen = false;

  while (!signal.aborted) {
    const pod = current();
    const isOver = !pod || hasTerminated(pod, container);
    const read = new OpenedLog(options, position, isOver);
    let outcome: Outcome = 'ended';
    try {
      await read.run(signal);
    } catch (error) {
      if (signal.aborted || (error instanceof KubernetesError && error.isNotFound)) return;
      // Whether the right is gone is for the reviews to say, once the log was opened.
      if (!isRetriable(error) && !(wasOpen && isForbidden(error))) throw error;
      outcome = isNotStarted(error) ? 'not started' : 'failed';
      if (outcome === 'failed' && !read.isOpen && performance.now() - reachedAt > timings.patienceMs) {
        throw error;
      }
    }
    if (outcome === 'ended' && isOver) return;
    if (outcome === 'not started' && (isOver || isRunOver())) return;
    if (read.isOpen || outcome === 'not started') reachedAt = performance.now();
    wasOpen ||= read.isOpen;
    failures = read.wasUseful ? 0 : failures + 1;
    await wait(Math.min(maxMs, baseMs * 2 ** failures) * (0.5 + Math.random() / 2), signal);
  }
}

/** A log from one request, which continues where the last one ended. */
class OpenedLog {
  readonly #options: PodLogOptions;
  readonly #position: LogPosition;
  readonly #isOver: boolean;
  #openedAt: number | undefined;
  #hasLines = false;

  constructor(options: PodLogOptions, position: LogPosition, isOver: boolean) {
    this.#options = options;
    this.#position = position;
    this.#isOver = isOver;
  }

  get isOpen(): boolean {
    return this.#openedAt !== undefined;
  }
  get wasUseful(): boolean {
    const { maxMs } = this.#options.timings.backoff;
    return this.#hasLines || (this.#openedAt !== undefined && performance.now() - this.#openedAt > maxMs);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { pod, container, start, connect, lineBytes, styles, share, timings } = this.#options;
    const { namespace = '', name } = pod.metadata;
    const sinceTime = this.#position.continue();
    const from = sinceTime === undefined ? start : { sinceTime };
    const options = { container, ...from, idleMs: timings.idleMs };
    const bytes = await connect(signal).followLog(namespace, name, options);
    this.#openedAt = performance.now();
    for await (const lines of logLines(bytes, { maxBytes: lineBytes, styles }, share.measure)) {
      share.measure(() => this.#take(lines));
      // The next part is read when it is the user's turn.
      await share.turn(signal);
    }
  }

  #take(lines: ParsedLine[]): void {
    for (const line of lines) {
      // Half a line is read again, unless its container left it so.
      if ((!line.isComplete && !this.#isOver) || !this.#position.isNew(line)) continue;
      this.#hasLines = true;
      this.#options.onLine(line);
    }
  }
}

/** Whether the container has printed everything. */
function hasTerminated({ spec, status }: Pod, container: string): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const own = statuses.find(({ name }) => name === container);
  return own?.state?.terminated !== undefined && spec?.restartPolicy === 'Never';
}

function isForbidden(error: unknown): boolean {
  return error instanceof KubernetesError && error.statusCode === 403;
}

/** 400 for a container that exists: it waits to start. */
function isNotStarted(error: unknown): boolean {
  return error instanceof KubernetesError && error.statusCode === 400;
}

function isRetriable(error: unknown): boolean {
  if (!(error instanceof KubernetesError)) return error instanceof Unavailable || error instanceof Timeout;
  return error.statusCode >= 500 || error.statusCode === 429 || isNotStarted(error);
}

import type { ServerResponse } from 'node:http';
import { at, type KubeObject, listAt, stringAt } from '../objects.ts';
import { badRequest } from '../status.ts';
import { type LogOptions, readLogOptions } from './log-options.ts';

interface Line {
  /** In ms since 1970. */
  time: number;
  /** RFC 3339 with nanoseconds, as a kubelet writes it. */
  timestamp: string;
  bytes: Buffer;
}

interface Log {
  lines: Line[];
  ended: boolean;
  listeners: Set<() => void>;
}

const PREVIOUS = '/previous';

/** The logs of containers, by pod UID and container name, and those before their last restart. */
export class PodLogs {
  readonly #logs = new Map<string, Log>();

  /** @param timestamp RFC 3339 with nanoseconds; absent: now */
  append(podUid: string, container: string, text: string | Uint8Array, timestamp = now()): void {
    const log = this.#log(podUid, container);
    log.lines.push({ time: Date.parse(timestamp), timestamp, bytes: Buffer.from(text) });
    for (const listener of log.listeners) listener();
  }

  /** Makes the log that of the previous container, and begins a new one. The pod's status says so by its lastState. */
  restart(podUid: string, container: string): void {
    this.#end(podUid, container);
    const ended = this.#log(podUid, container);
    this.#logs.set(`${podUid}/${container}${PREVIOUS}`, ended);
    this.#logs.delete(`${podUid}/${container}`);
  }

  /** Ends the responses that follow the logs of containers that have terminated. */
  endTerminated(pod: KubeObject): void {
    for (const status of statusesOf(pod)) {
      if (at(status, 'state', 'terminated')) this.#end(pod.metadata.uid, String(status.name));
    }
  }

  /** Ends and deletes the logs of a pod. */
  delete(podUid: string): void {
    for (const key of this.#logs.keys()) {
      if (!key.startsWith(`${podUid}/`)) continue;
      this.#end(podUid, key.slice(podUid.length + 1));
      this.#logs.delete(key);
    }
  }

  /** The response to GET pods/NAME/log. */
  send(response: ServerResponse, pod: KubeObject, query: URLSearchParams): void {
    const options = readLogOptions(query, pod.metadata.name);
    const container = containerOf(pod, query.get('container'));
    const started = statusesOf(pod).find((s) => s.name === container);
    if (!started && !stringAt(pod, 'spec', 'nodeName')) {
      response.writeHead(204).end();
      return;
    }
    const hasEnded = at(started, 'lastState', 'terminated') !== undefined;
    if (options.previous && !hasEnded) {
      const where = `container "${container}" in pod "${pod.metadata.name}"`;
      throw badRequest(`previous terminated ${where} not found`);
    }
    const isWaiting = !started || at(started, 'state', 'waiting');
    if (isWaiting && !hasEnded)
      throw waiting(pod, container, stringAt(started, 'state', 'waiting', 'reason'));
    const isPrevious = options.previous || (isWaiting && hasEnded);
    const log = this.#log(pod.metadata.uid, isPrevious ? container + PREVIOUS : container);
    if (at(started, 'state', 'terminated')) log.ended = true;
    stream(response, log, options);
  }

  #end(podUid: string, container: string): void {
    const log = this.#log(podUid, container);
    log.ended = true;
    for (const listener of log.listeners) listener();
  }

  #log(podUid: string, container: string): Log {
    const key = `${podUid}/${container}`;
    const log = this.#logs.get(key) ?? { lines: [], ended: false, listeners: new Set() };
    this.#logs.set(key, log);
    return log;
  }
}

/** Of the last `tailLines` lines those since `since`, then new ones if the log is followed, up to `limitBytes` in all. */
function stream(response: ServerResponse, log: Log, options: LogOptions): void {
  const { follow, timestamps, tailLines, since } = options;
  let bytesLeft = options.limitBytes;
  let next = Math.max(0, log.lines.length - tailLines);

  function writeMore(): void {
    const lines = log.lines.slice(next).filter(({ time }) => time >= since);
    next = log.lines.length;
    const bytes = Buffer.concat(lines.flatMap((line) => encode(line, timestamps))).subarray(0, bytesLeft);
    bytesLeft -= bytes.length;
    if (bytes.length > 0) response.write(bytes);
    if (follow && !log.ended && bytesLeft > 0) return;
    log.listeners.delete(writeMore);
    response.end();
  }

  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  log.listeners.add(writeMore);
  response.on('close', () => log.listeners.delete(writeMore));
  writeMore();
}

const LINE_END = Buffer.from('\n');

function encode({ timestamp, bytes }: Line, timestamps: boolean): Buffer[] {
  return [...(timestamps ? [Buffer.from(`${timestamp} `)] : []), bytes, LINE_END];
}

function now(): string {
  return new Date().toISOString().replace('Z', '000000Z');
}

function statusesOf(pod: KubeObject) {
  return [...listAt(pod, 'status', 'containerStatuses'), ...listAt(pod, 'status', 'initContainerStatuses')];
}

function containerOf(pod: KubeObject, requested: string | null): string {
  const namesIn = (field: string) => listAt(pod, 'spec', field).map((container) => String(container.name));
  const names = namesIn('containers');
  const all = [...namesIn('initContainers'), ...names];
  const { name } = pod.metadata;
  if (!requested && names.length > 1) {
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${all.join(' ')}]`);
  }
  const container = requested || (names[0] ?? '');
  if (!all.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  return container;
}

/** In the kubelet's words. */
const WAITING: Record<string, string> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

function waiting({ metadata }: KubeObject, container: string, reason = 'ContainerCreating') {
  const where = `container "${container}" in pod "${metadata.name}"`;
  return badRequest(`${where} is waiting to start: ${WAITING[reason] ?? reason}`);
}

import type { ServerResponse } from 'node:http';
import { at, type KubeObject, listAt, stringAt } from '../objects.ts';
import { badRequest } from '../status.ts';

interface Log {
  lines: string[];
  ended: boolean;
  listeners: Set<() => void>;
}

/** The logs of containers, by pod UID and container name. */
export class PodLogs {
  readonly #logs = new Map<string, Log>();

  append(podUid: string, container: string, text: string): void {
    const log = this.#log(podUid, container);
    log.lines.push(text);
    for (const listener of log.listeners) listener();
  }

  /** Marks the container as ended and ends the responses that follow its log. */
  end(podUid: string, container: string): void {
    const log = this.#log(podUid, container);
    log.ended = true;
    for (const listener of log.listeners) listener();
  }

  /** Ends and deletes the logs of a pod. */
  delete(podUid: string): void {
    for (const key of this.#logs.keys()) {
      const [uid = '', container = ''] = key.split('/');
      if (uid !== podUid) continue;
      this.end(podUid, container);
      this.#logs.delete(key);
    }
  }

  /** The response to GET pods/NAME/log, with container, tailLines, limitBytes and follow. */
  send(response: ServerResponse, pod: KubeObject, query: URLSearchParams): void {
    const container = containerOf(pod, query.get('container'));
    const started = listAt(pod, 'status', 'containerStatuses').find((s) => s.name === container);
    if (!started && !stringAt(pod, 'spec', 'nodeName')) {
      response.writeHead(204).end();
      return;
    }
    if (!started || at(started, 'state', 'waiting')) throw waiting(pod, container);
    const log = this.#log(pod.metadata.uid, container);
    const tail = query.get('tailLines');
    const initial = log.lines.slice(tail === null ? 0 : Math.max(0, log.lines.length - Number(tail)));
    let budget = Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY);
    let next = log.lines.length;

    function write(lines: string[]): void {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join('')).subarray(0, budget);
      budget -= bytes.length;
      if (bytes.length > 0) response.write(bytes);
    }

    function writeMore(): void {
      write(log.lines.slice(next));
      next = log.lines.length;
      if (!log.ended && budget > 0) return;
      log.listeners.delete(writeMore);
      response.end();
    }

    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    write(initial);
    if (query.get('follow') !== 'true' || log.ended || budget <= 0) {
      response.end();
      return;
    }
    log.listeners.add(writeMore);
    response.on('close', () => log.listeners.delete(writeMore));
  }

  #log(podUid: string, container: string): Log {
    const key = `${podUid}/${container}`;
    const log = this.#logs.get(key) ?? { lines: [], ended: false, listeners: new Set() };
    this.#logs.set(key, log);
    return log;
  }
}

function containerOf(pod: KubeObject, requested: string | null): string {
  const names = listAt(pod, 'spec', 'containers').map((container) => String(container.name));
  const { name } = pod.metadata;
  if (!requested && names.length > 1) {
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`,
    );
  }
  const container = requested || (names[0] ?? '');
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  return container;
}

function waiting({ metadata }: KubeObject, container: string) {
  const where = `container "${container}" in pod "${metadata.name}"`;
  return badRequest(`${where} is waiting to start: ContainerCreating`);
}

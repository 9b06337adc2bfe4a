import { PassThrough, pipeline, type Readable, Transform } from 'node:stream';
import { type Reply, startClusterProxy, status } from './cluster-proxy.ts';
import type { Hooks } from './hooks.ts';
import { DESCRIBE, started } from './hooks.ts';

/**
 * What happens to the connections through the proxy: `cut`: each open watch ends in the middle of its next line, and the
 * next list in the middle of its body; `silence`: each open watch stays open, and nothing comes any more; `expire`: each
 * open watch ends with a 410; `late`: the next request waits. A status: the next request gets it.
 */
export const FAULTS = ['cut', 'silence', 'expire', 'late', 410, 429, 500, 503] as const;
export type Fault = (typeof FAULTS)[number];

interface OpenWatch {
  body: Transform;
  fault?: 'cut' | 'silence';
}

const REASONS = { 410: 'Expired', 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable' };
const LATE_MS = 20;

/** A proxy between Writ and the cluster that fails as networks and API servers do. It repeats nothing. */
export async function startFaultProxy(cluster: { server: string; ca: string }) {
  const proxy = await startClusterProxy(cluster);
  const watches = new Set<OpenWatch>();
  let next: Fault | undefined;

  proxy.set(async ({ path }, forward) => {
    const fault = next;
    next = undefined;
    if (typeof fault === 'number') return status(fault, REASONS[fault]);
    if (fault === 'late') await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    const reply = await forward();
    if (reply.status !== 200) return reply;
    if (path.includes('watch=true')) return { ...reply, body: track(reply.body as Readable) };
    return fault === 'cut' ? halfOf(reply) : reply;
  });

  function track(body: Readable): Transform {
    const watch: OpenWatch = {
      body: new Transform({
        transform(chunk: Buffer, _, done) {
          if (watch.fault === 'silence') return done();
          if (watch.fault === 'cut') {
            this.push(chunk.subarray(0, chunk.length / 2));
            // What was sent before must arrive.
            setImmediate(() => this.destroy());
            return;
          }
          done(null, chunk);
        },
      }),
    };
    watches.add(watch);
    watch.body.once('close', () => watches.delete(watch));
    return pipeline(body, watch.body, () => {});
  }

  return {
    endpoint: proxy.endpoint,
    seen: proxy.seen,
    close: proxy.close,
    /** Open watches. */
    get watches() {
      return watches.size;
    },
    inject(fault: Fault): void {
      if (fault === 'cut' || fault === 'silence') for (const watch of watches) watch.fault = fault;
      if (fault === 'expire') for (const { body } of watches) body.end(EXPIRED);
      else if (fault !== 'silence') next = fault;
    },
    /** Watches that are silent end, and nothing more fails. */
    heal(): void {
      next = undefined;
      for (const watch of watches) {
        if (watch.fault === 'silence') watch.body.destroy();
        delete watch.fault;
      }
    },
  };
}

const EXPIRED = `${JSON.stringify({ type: 'ERROR', object: status(410, 'Expired').body })}\n`;

function halfOf(reply: Reply): Reply {
  const text = JSON.stringify(reply.body);
  const body = new PassThrough();
  body.write(text.slice(0, text.length / 2));
  setImmediate(() => body.destroy());
  return { ...reply, body };
}

/** One for all tests of a describe or file. */
export function faultProxyTo(cluster: { server: string; ca: string }, hooks: Hooks = DESCRIBE) {
  return started(
    hooks,
    () => startFaultProxy(cluster),
    ({ close }) => close(),
  );
}

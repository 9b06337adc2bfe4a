import type { Plugin } from 'graphql-yoga';

/**
 * Headers of event streams that keep proxies from collecting events before they pass them on: nginx buffers responses unless
 * `X-Accel-Buffering` says no, and others compress them, which buffers too, unless `no-transform` forbids it (RFC 9111,
 * section 5.2.2.6). Yoga sets the Content-Encoding `none` for that purpose, which is not a registered one.
 */
export function useEventStream(): Plugin {
  return {
    onResponse({ response }) {
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return;
      response.headers.delete('content-encoding');
      response.headers.set('cache-control', 'no-store, no-transform');
      response.headers.set('x-accel-buffering', 'no');
    },
  };
}

import type { Upstream, UpstreamCall } from '../../src/kubernetes/call-trace.ts';

/** The calls that a result lists; undefined if it has no list. */
export function upstreamOf(result: object): Upstream | undefined {
  return (result as { extensions?: { upstream?: Upstream } }).extensions?.upstream;
}

/** Throws if the result has no list of calls, or one from which calls were left out. */
export function callsOf(result: object): UpstreamCall[] {
  const upstream = upstreamOf(result);
  if (!upstream) throw new Error(`no list of calls: ${JSON.stringify(result)}`);
  return upstream.map((item) => {
    if ('omitted' in item) throw new Error('calls were left out');
    return item;
  });
}

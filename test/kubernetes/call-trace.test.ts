import { describe, expect, it } from 'vitest';
import { CallTrace, type UpstreamCall } from '../../src/kubernetes/call-trace.ts';
import { listCall, queryString } from '../../src/kubernetes/calls.ts';
import { BUILT_IN_TYPES, PODS } from '../../src/kubernetes/resources.ts';

function newTrace() {
  return new CallTrace({
    types: BUILT_IN_TYPES,
    ofCallers: [],
    startedAt: performance.now(),
    flagsOf: (identity) => [`--context=${identity}`],
  });
}

function send(trace: CallTrace, n: number, labelSelector = 'a=b') {
  const { method, path, query, attributes } = listCall(PODS, 'demo', { labelSelector });
  return trace.sent({
    auditId: `r.${n}`,
    identity: 'user',
    method,
    path: path + queryString(query),
    attributes,
    body: undefined,
  });
}

const done = { statusCode: 200, responseBytes: 12, durationMs: 3.149 };
const idsOf = (taken: object[]) => taken.map((item) => (item as UpstreamCall).auditId);

describe('a trace', () => {
  it('has each call once, in order of sending', () => {
    const trace = newTrace();
    const [first, second] = [send(trace, 1), send(trace, 2)];
    second.ended(done);
    expect(idsOf(trace.take({ unfinished: false }))).toEqual(['r.2']);
    first.ended({ errorType: 'ECONNRESET', durationMs: 1 });
    send(trace, 3);
    expect(trace.take({ unfinished: true })).toMatchObject([
      { auditId: 'r.1', status: null, errorType: 'ECONNRESET', durationMs: 1, bytes: null },
      { auditId: 'r.3', status: null, errorType: null, durationMs: null, bytes: null },
    ]);
    expect(trace.take({ unfinished: true })).toEqual([]);
  });

  it('rounds times to tenths of a millisecond, and says as whom a command runs', () => {
    const trace = newTrace();
    send(trace, 1).ended(done);
    expect(trace.take({ unfinished: true })).toMatchObject([
      {
        durationMs: 3.1,
        bytes: 12,
        command: 'kubectl get pods -n demo -l a=b -o json --context=user',
      },
    ]);
  });

  it('leaves out calls beyond a number, and says how many', () => {
    const trace = newTrace();
    for (let n = 1; n <= 510; n += 1) send(trace, n).ended(done);
    const taken = trace.take({ unfinished: true });
    expect(taken).toHaveLength(501);
    expect(taken.at(-1)).toEqual({ omitted: 10 });
    send(trace, 511).ended(done);
    expect(idsOf(trace.take({ unfinished: true }))).toEqual(['r.511']);
  });

  it('leaves out calls beyond a size, and says how many', () => {
    const trace = newTrace();
    for (let n = 1; n <= 100; n += 1) send(trace, n, `a=${'x'.repeat(5_000)}`).ended(done);
    const taken = trace.take({ unfinished: true });
    expect(JSON.stringify(taken).length).toBeLessThan(280 * 1_024);
    expect(taken.at(-1)).toEqual({ omitted: 101 - taken.length });
    send(trace, 101).ended(done);
    expect(idsOf(trace.take({ unfinished: true }))).toEqual(['r.101']);
  });

  it('keeps nothing once it is closed', () => {
    const trace = newTrace();
    const late = send(trace, 1);
    trace.close();
    late.ended(done);
    send(trace, 2).ended(done);
    expect(trace.take({ unfinished: true })).toEqual([]);
  });
});

import { describe, expect, inject, it } from 'vitest';
import { readAuditLog } from '../cluster/audit-log.ts';
import { eventually } from '../support/eventually.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startCollector } from '../support/trace-collector.ts';
import { startWrit } from '../support/writ.ts';

const collector = await startCollector();
const CLIENT = { traceId: '7f6b1d0c2a3e4f5061728394a5b6c7d8', spanId: '1122334455667788' };

describe('a trace', () => {
  const cluster = inject('cluster');
  const writ = startWrit({ environment: collector.environment() });

  it("leads from the client's context by the request, its operation and each call to the API server's audit log, and back", async () => {
    const variables = { input: { project: 'demo', initialPrompt: 'x' } };
    const answer = await writ.as('alice', createSessionMutation(), variables, {
      traceparent: `00-${CLIENT.traceId}-${CLIENT.spanId}-01`,
    });
    expect(answer.errors).toBeUndefined();
    const requestId = answer.headers.get('x-request-id') ?? '';
    const spans = await collector.traceOf(requestId);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([CLIENT.traceId]));
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const calls = spans.filter(({ kind }) => kind === 'client');
    // Each call of the request, in the audit log and as a span: none is missing on either side.
    const events = await eventually(() => {
      const found = readAuditLog(cluster.auditLog).filter(({ auditID }) =>
        auditID.startsWith(`${requestId}.`),
      );
      expect(new Set(found.map(({ auditID }) => auditID)).size).toBe(calls.length);
      return new Map(found.map((event) => [event.auditID, event]));
    });
    for (const { attributes, parentSpanId } of calls) {
      const event = events.get(`${attributes['writ.kubernetes.audit_id']}`);
      expect(event?.verb).toBe(attributes['writ.kubernetes.verb']);
      expect(event?.responseStatus?.code).toBe(attributes['http.response.status_code']);
      const { alice, backend } = cluster.identities;
      const { username } = attributes['writ.kubernetes.identity'] === 'backend' ? backend : alice;
      expect(event?.user.username).toBe(username);
      const chain: string[] = [];
      for (let at = byId.get(parentSpanId); at; at = byId.get(at.parentSpanId)) chain.unshift(at.name);
      expect(chain[0]).toBe('POST /graphql');
    }
    expect(
      calls.filter((call) => call.attributes['writ.kubernetes.identity'] === 'backend').length,
    ).toBeGreaterThan(5);
    const root = spans.find(({ name }) => name === 'POST /graphql');
    expect(root?.parentSpanId).toBe(CLIENT.spanId);
    const line = writ.log.lines().find((each) => each.requestId === requestId && each.msg === 'operation');
    expect(line?.traceId).toBe(CLIENT.traceId);
    process.stdout.write(
      `Kubernetes ${cluster.version}: a trace of ${spans.length} spans, ${calls.length} of them calls, each with its line in the audit log\n`,
    );
  });
});

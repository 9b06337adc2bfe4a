import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Context } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { readAuditLog } from '../cluster/audit-log.ts';
import { ALL_OPERATIONS, CREATE_SCHEDULES, SCHEDULE_SETTINGS, SESSION } from '../support/all-operations.ts';
import { type AuditedOperation, proveFromAuditLog } from '../support/audit-proof.ts';
import type { FieldOperation } from '../support/operations.ts';
import { putSchedule, RUN_SCHEDULED_SESSION, type TestSchedule } from '../support/schedules.ts';
import { PEOPLE, type Who } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';
import { codeOf, startWrit } from '../support/writ.ts';

describe("the cluster's own audit log", () => {
  const cluster = inject('cluster');
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 }, environment: SCHEDULE_SETTINGS });
  const backend = cluster.identities.backend;
  const eventsSince = (count: number) => readAuditLog(cluster.auditLog).slice(count);

  async function run(who: Who, operation: FieldOperation) {
    const answer = await writ.as(who, operation.query);
    const audited: AuditedOperation = {
      requestId: answer.headers.get('x-request-id') ?? '',
      coordinate: operation.coordinate,
      user: cluster.identities[who].username,
      backend: backend.username,
      mutation: operation.mutation,
      name: operation.name,
      namespace: operation.namespace,
    };
    return { answer, audited };
  }

  it('shows every call of every operation under the name of its user, and every privileged write after its review', async () => {
    expect((await writ.as('admin', CREATE_SCHEDULES)).errors).toBeUndefined();
    const before = readAuditLog(cluster.auditLog).length;
    const audited: AuditedOperation[] = [];
    for (const who of PEOPLE) {
      for (const operation of ALL_OPERATIONS) audited.push((await run(who, operation)).audited);
    }
    const proof = proveFromAuditLog(eventsSince(before), audited);
    process.stdout.write(
      `audit log of Kubernetes ${cluster.version}: ${proof.operations} operations, ${proof.calls} calls, ${proof.reviews} access reviews, ${proof.writesByBackend} writes by the backend, ${proof.violations.length} violations\n`,
    );
    expect(proof.violations).toEqual([]);
    // Two people may create: each a session, two statuses and six acts for its run, and a project with three bindings.
    expect(proof.writesByBackend).toBeGreaterThanOrEqual(2 * 9 + 4);
  });

  it("shows each call of a schedule's tick under its own account, and the review of its owner before Writ's writes", async () => {
    const before = readAuditLog(cluster.auditLog).length;
    const audited: AuditedOperation[] = [];
    const run = async ({ name, token, username, job }: TestSchedule, owner: string, mutation: string) => {
      const input = { project: 'demo', name, job: job() };
      const answer = await writ.post(
        { query: RUN_SCHEDULED_SESSION, variables: { input } },
        { authorization: `Bearer ${token}` },
      );
      audited.push({
        requestId: answer.headers.get('x-request-id') ?? '',
        coordinate: 'Mutation.runScheduledSession',
        user: username,
        backend: backend.username,
        mutation,
        namespace: 'demo',
        schedule: { name, owner },
      });
      return answer;
    };
    const allowed = await putSchedule(writ.sandbox, 'demo', 'proven');
    const denied = await putSchedule(writ.sandbox, 'demo', 'denied', { ownedBy: 'mallory' });
    for (let n = 0; n < 2; n += 1) {
      expect(
        (await run(allowed, cluster.identities.alice.username, 'runScheduledSession')).errors,
      ).toBeUndefined();
      expect(codeOf(await run(denied, cluster.identities.mallory.username, 'runScheduledSession'))).toBe(
        'FORBIDDEN',
      );
    }
    const proof = proveFromAuditLog(eventsSince(before), audited);
    process.stdout.write(
      `ticks in the audit log: ${proof.operations} operations, ${proof.calls} calls, ${proof.reviews} access reviews, ${proof.writesByBackend} writes by the backend, ${proof.violations.length} violations\n`,
    );
    expect(proof.violations).toEqual([]);
    // One session with its two statuses and six acts for its run, and one attempt to create it again.
    expect(proof.writesByBackend).toBe(11);
    const wrong = audited.map((operation) => ({
      ...operation,
      schedule: { name: 'proven', owner: 'admin' },
    }));
    expect(proveFromAuditLog(eventsSince(before), wrong).violations).not.toEqual([]);
  });

  describe('with a resolver that reads as the backend, on purpose', () => {
    const session = schema.getQueryType()?.getFields().session;
    const honest = session?.resolve;
    afterEach(() => {
      if (session) session.resolve = honest;
    });

    it('tells of it, and Kubernetes refuses the read', async () => {
      const transport = transportTo(cluster);
      if (!session) throw new Error('no session field');
      session.resolve = (_, { name }: { name: string }, context: Context) =>
        new UserCluster(transport, new UserToken(backend.token), context.user.scope).find(
          AGENTIC_SESSIONS,
          'demo',
          name,
        );
      const since = readAuditLog(cluster.auditLog).length;
      const query = `{ session(project: "demo", name: "${SESSION}") { name } }`;
      const { answer, audited } = await run('alice', {
        coordinate: 'Query.session',
        query,
        mutation: undefined,
        name: undefined,
        namespace: 'demo',
      });
      await transport.destroy();
      const proof = proveFromAuditLog(eventsSince(since), [audited]);
      process.stdout.write(`with a violation: ${proof.violations.join('; ')}\n`);
      expect(proof.violations).toEqual(
        expect.arrayContaining([
          expect.stringContaining('a read by the backend: system:serviceaccount:writ-system:writ-api: get'),
        ]),
      );
      expect(answer.data?.session ?? null).toBeNull();
      expect(codeOf(answer)).toBe('FORBIDDEN');
    });
  });
});

import { statSync } from 'node:fs';
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Context } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { MIRRORS, untilMirrored } from '../mirror/fixture.ts';
import { ALL_OPERATIONS, CREATE_SCHEDULES, SCHEDULE_SETTINGS, SESSION } from '../support/all-operations.ts';
import { putSchedule, RUN_SCHEDULED_SESSION, type TestSchedule } from '../support/schedules.ts';
import { BACKEND, PEOPLE } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';
import { codeOf, startWrit } from '../support/writ.ts';
import { type Line, linesAfter, verdictOf, writLogOf } from './verify/recorded-log.ts';

describe.each([
  { kind: 'Writ without mirrors', mirrors: undefined },
  { kind: 'Writ with mirrors', mirrors: MIRRORS },
])("the cluster's own audit log, of $kind", ({ kind, mirrors }) => {
  const cluster = inject('cluster');
  const writ = startWrit({
    reviews: { allowMs: 0, denyMs: 0 },
    environment: { ...SCHEDULE_SETTINGS, ...mirrors },
  });
  const { backend } = cluster.identities;
  const end = () => statSync(cluster.auditLog).size;

  /** What `writ verify` says of all that has happened since, with Writ's own log. */
  function verified(what: string, since: number) {
    const lines = linesAfter(cluster.auditLog, since);
    const verdict = verdictOf(lines, writLogOf(logSince(lines)));
    const writes = lines.filter(
      ({ call }) => call?.username === BACKEND && !/reviews$/.test(call.resource),
    ).length;
    process.stdout.write(
      `audit log of Kubernetes ${cluster.version}, ${kind}, ${what}: ${verdict.requests} requests, ${verdict.calls} calls, ${writes} writes by the backend, ${verdict.violations.length} violations\n`,
    );
    return { ...verdict, writes };
  }

  /** Writ's lines about the requests of these calls. */
  function logSince(lines: readonly Line[]): string[] {
    const requests = new Set(lines.map(({ call }) => call?.auditId.replace(/\.\d+$/, '')));
    return writ.log
      .text()
      .split('\n')
      .filter(Boolean)
      .filter((line) => {
        const { requestId, auditId } = JSON.parse(line);
        return requests.has(requestId) || requests.has(auditId?.replace(/\.\d+$/, ''));
      });
  }

  it('shows every call of every operation under the name of its user, and every privileged write after its review', async () => {
    expect((await writ.as('admin', CREATE_SCHEDULES)).errors).toBeUndefined();
    const since = end();
    for (const who of PEOPLE) {
      if (mirrors && who !== 'mallory') await untilMirrored(writ, who, 'demo');
      for (const { query } of ALL_OPERATIONS) await writ.as(who, query);
    }
    const { violations, foreign, writes } = verified('all operations', since);
    expect(violations).toEqual([]);
    expect(foreign).toEqual([]);
    // Two people may create: each a session, two statuses and six acts for its run, and a project with three bindings.
    expect(writes).toBeGreaterThanOrEqual(2 * 9 + 4);
  });

  it("shows each call of a schedule's tick under its own account, and the review of its owner before Writ's writes", async () => {
    const allowed = await putSchedule(writ.sandbox, 'demo', `proven-${mirrors ? 'mirrored' : 'read'}`);
    const denied = await putSchedule(writ.sandbox, 'demo', `denied-${mirrors ? 'mirrored' : 'read'}`, {
      ownedBy: 'mallory',
    });
    const run = ({ name, token, job }: TestSchedule) => {
      const input = { project: 'demo', name, job: job() };
      return writ.post(
        { query: RUN_SCHEDULED_SESSION, variables: { input } },
        { authorization: `Bearer ${token}` },
      );
    };
    const since = end();
    for (let n = 0; n < 2; n += 1) {
      expect((await run(allowed)).errors).toBeUndefined();
      expect(codeOf(await run(denied))).toBe('FORBIDDEN');
    }
    const { violations, writes } = verified('ticks', since);
    expect(violations).toEqual([]);
    // One session with its two statuses and six acts for its run, and one attempt to create it again.
    expect(writes).toBe(11);
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
      const since = end();
      const answer = await writ.as('alice', `{ session(project: "demo", name: "${SESSION}") { name } }`);
      await transport.destroy();
      expect(verified('a violation', since).violations).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'api-read', message: expect.stringContaining(`${BACKEND}: get`) }),
        ]),
      );
      expect(answer.data?.session ?? null).toBeNull();
      expect(codeOf(answer)).toBe('FORBIDDEN');
    });
  });
});

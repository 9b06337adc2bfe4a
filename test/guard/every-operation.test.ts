import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { UserToken } from '../../src/kubernetes/token.ts';
import { UserCluster } from '../../src/kubernetes/user-cluster.ts';
import { AGENTIC_SESSIONS } from '../../src/model/session.ts';
import { MIRRORS, untilMirrored } from '../mirror/fixture.ts';
import {
  CREATE_SCHEDULES,
  ALL_OPERATIONS as operations,
  SCHEDULE_SETTINGS,
  SESSION,
} from '../support/all-operations.ts';
import { guardViolations } from '../support/guard-check.ts';
import { BACKEND, PEOPLE, type Who } from '../support/test-cluster.ts';
import { transportTo } from '../support/transport.ts';
import { startWrit } from '../support/writ.ts';

describe('every operation that the schema has', () => {
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 }, environment: SCHEDULE_SETTINGS });

  beforeAll(async () => {
    const { errors } = await writ.as('admin', CREATE_SCHEDULES);
    expect(errors).toBeUndefined();
  });

  it('is enumerated from the schema', () => {
    expect(operations.length).toBeGreaterThan(90);
  });

  for (const who of PEOPLE) {
    it.each(operations)(
      `reads as ${who} and writes nothing without ${who}'s review: $coordinate`,
      async (operation) => {
        expect(await requestsOf(writ, who, operation)).not.toEqual([]);
      },
    );
  }

  it('wrote with the backend where the user was allowed, and only there', () => {
    const writers = writ.sandbox.requests.filter((request) => request.user === BACKEND);
    const created = writers.filter(
      ({ resource, verb, status }) => resource === 'agenticsessions' && verb === 'create' && status === 201,
    );
    // Two people may create, and trigger a schedule; the clone's name was taken when the second came.
    expect(created).toHaveLength(5);
  });
});

describe.each(['admin', 'alice', 'victor'] as const)('every operation of %s, who has a mirror', (who) => {
  const writ = startWrit({
    reviews: { allowMs: 0, denyMs: 0 },
    environment: { ...SCHEDULE_SETTINGS, ...MIRRORS },
  });

  beforeAll(async () => {
    await writ.as('admin', CREATE_SCHEDULES);
    await untilMirrored(writ, who, 'demo');
  });

  it.each(operations)('reads and writes nothing as anybody else: $coordinate', async (operation) => {
    // The mirror watches, and its permission is reviewed, meanwhile: these calls have request IDs of their own.
    await requestsOf(writ, who, operation, /^calls of \d+ requests$/);
  });

  it('still has the mirror', () => untilMirrored(writ, who, 'demo'));
});

/** The requests to the cluster that the operation makes, after a check that each is the caller's, or a write that was reviewed. */
async function requestsOf(
  writ: ReturnType<typeof startWrit>,
  who: Who,
  operation: (typeof operations)[number],
  tolerated?: RegExp,
) {
  const { requests, result } = await writ.requestsDuring(() => writ.as(who, operation.query));
  const codes = result.errors?.map((error) => error.extensions.code) ?? [];
  const expected = ['FORBIDDEN', 'CONFLICT'];
  // Until somebody has created it.
  if (operation.mutation === 'deleteProject') expected.push('NOT_FOUND');
  expect(codes.filter((code) => !expected.includes(code))).toEqual([]);
  const { mutation, name, namespace } = operation;
  const violations = guardViolations(requests, { user: who, backend: BACKEND, mutation, name, namespace });
  expect(violations.filter((each) => !tolerated?.test(each))).toEqual([]);
  return requests;
}

describe('the check of who made which call', () => {
  const writ = startWrit();
  const session = schema.getQueryType()?.getFields().session;
  const honest = session?.resolve;
  afterEach(() => {
    if (session) session.resolve = honest;
  });

  it('fails when a resolver reads with the identity of the backend', async () => {
    if (!session) throw new Error('no session field');
    const { backend } = writ.sandbox.identities;
    const transport = transportTo(writ.sandbox);
    session.resolve = (_, { name }: { name: string }, context: Context) => {
      const traitor = new UserCluster(transport, new UserToken(backend.token), context.user.scope);
      return traitor.find(AGENTIC_SESSIONS, 'demo', name);
    };
    const { requests } = await writ.requestsDuring(() =>
      writ.as('alice', `{ session(project: "demo", name: "${SESSION}") { name } }`),
    );
    const violations = guardViolations(requests, {
      user: 'alice',
      backend: BACKEND,
      namespace: 'demo',
    });
    expect(violations).toContain(
      `a read by the backend: ${BACKEND}: get /apis/vteam.ambient-code/v1alpha1/namespaces/demo/agenticsessions/${SESSION}`,
    );
    // And Kubernetes itself refuses: the backend holds no right to read.
    expect(requests.find((request) => request.user === BACKEND)?.status).toBe(403);
    await transport.destroy();
  });

  it("fails when a write of the backend has no review of the user's before it", async () => {
    const { requests } = await writ.requestsDuring(() =>
      writ.as(
        'alice',
        'mutation { createSession(input: {project: "demo", start: false}) { session { name } } }',
      ),
    );
    const unreviewed = requests.filter((request) => request.resource !== 'selfsubjectaccessreviews');
    const violations = guardViolations(unreviewed, {
      user: 'alice',
      backend: BACKEND,
      mutation: 'createSession',
      namespace: 'demo',
    });
    expect(violations.join()).toContain("a write by the backend without the user's review");
  });
});

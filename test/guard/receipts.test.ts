import { beforeAll, describe, expect, it } from 'vitest';
import { GRANTS } from '../../src/authorization/grants.ts';
import type { Receipt } from '../../src/authorization/receipt.ts';
import { type SeenCall, startWatchedWrit } from '../attack/watched-writ.ts';
import { ALL_OPERATIONS, CREATE_SCHEDULES, SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { putProject } from '../support/put-objects.ts';
import { noteActive, putSchedule } from '../support/schedules.ts';
import { BACKEND, startTestCluster } from '../support/test-cluster.ts';
import { type Answer, codeOf, startWrit } from '../support/writ.ts';

const RECEIPT = `receipt {
  requestId auditIds unansweredAuditIds reviewedAt reviewed { verb group resource subresource namespace name }
}`;
const CREATE = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { name } ${RECEIPT} } }`;
const SELF_REVIEWS = ['selfsubjectreviews', 'selfsubjectaccessreviews'];

/** That of the payload or, if the mutation has failed, of the error. */
function receiptOf({ data, errors }: Answer): Receipt | undefined {
  const [payload] = Object.values(data ?? {}) as ({ receipt?: Receipt } | null)[];
  return payload?.receipt ?? errors?.[0]?.extensions.receipt;
}

function isSuspend({ mutation }: { mutation: string | undefined }): boolean {
  return mutation === 'suspendScheduledSession';
}

/** Calls in parallel may arrive in another order than they are sent in. */
function inOrder(auditIds: string[]): string[] {
  return auditIds.toSorted((one, other) => numberOf(one) - numberOf(other));
}

function numberOf(auditId = ''): number {
  return Number(auditId.split('.')[1]);
}

describe('the receipt of a mutation', () => {
  const writ = startWrit({ reviews: { allowMs: 0, denyMs: 0 }, environment: SCHEDULE_SETTINGS });
  const mutations = ALL_OPERATIONS.filter(({ mutation }) => mutation !== undefined)
    // Before the one that resumes the same schedule.
    .toSorted((one, other) => Number(isSuspend(other)) - Number(isSuspend(one)));
  const privileged = Object.entries(GRANTS).flatMap(([name, { of }]) => (of === 'caller' ? [name] : []));

  beforeAll(async () => {
    const { errors } = await writ.as('admin', CREATE_SCHEDULES);
    expect(errors).toBeUndefined();
  });

  it('is tested for each privileged mutation', () => {
    const tested = mutations.map(({ mutation }) => mutation);
    expect(tested).toEqual(expect.arrayContaining(privileged));
  });

  it.each(mutations)(
    'has what the cluster got from Writ itself, and the review: $mutation',
    async (operation) => {
      const { result, requests } = await writ.requestsDuring(() => writ.as('admin', operation.query));
      const receipt = receiptOf(result);
      const written = requests.filter(({ user }) => user === BACKEND);
      if (!privileged.includes(operation.mutation ?? '')) {
        expect([receipt ?? null, written]).toEqual([null, []]);
        return;
      }
      if (!receipt) throw new Error(`no receipt: ${result.text}`);
      const requestId = result.headers.get('x-request-id');
      expect(receipt).toMatchObject({ requestId, unansweredAuditIds: [], reviewedAt: expect.any(String) });
      const bySending = (one: { auditId?: string }, other: { auditId?: string }) =>
        numberOf(one.auditId) - numberOf(other.auditId);
      const received = requests
        .filter(({ auditId = '' }) => receipt.auditIds.includes(auditId))
        .sort(bySending);
      expect(received.map(({ auditId }) => auditId)).toEqual(receipt.auditIds);
      const reviews = received.filter(({ user }) => user !== BACKEND);
      expect(reviews.map(({ resource }) => resource)).toEqual(SELF_REVIEWS);
      expect(received.filter(({ user }) => user === BACKEND)).toEqual(written.toSorted(bySending));
      const review = reviews[1]?.body as { spec: { resourceAttributes: object } } | undefined;
      const asked = review?.spec.resourceAttributes;
      const { verb, resource, namespace = null, name = null } = receipt.reviewed;
      expect({ namespace: null, name: null, ...asked }).toMatchObject({ verb, resource, namespace, name });
    },
  );

  it('and its audit lines have the same Audit-IDs', async () => {
    const result = await writ.as('alice', CREATE, { input: { project: 'demo' } });
    const receipt = receiptOf(result);
    const lines = writ.log.lines().filter((line) => line.audit && line.requestId === receipt?.requestId);
    expect(lines.length).toBeGreaterThan(5);
    expect(inOrder(lines.flatMap((line) => line.auditIds as string[]))).toEqual(
      receipt?.auditIds.slice(SELF_REVIEWS.length),
    );
  });

  it('is in the error if the mutation fails after the review', async () => {
    const input = { project: 'demo', name: 'fix-cart-rounding' };
    const { result, requests } = await writ.requestsDuring(() => writ.as('alice', CREATE, { input }));
    expect(codeOf(result)).toBe('CONFLICT');
    const written = requests.filter(({ user }) => user === BACKEND).map(({ auditId }) => auditId);
    expect(written).toHaveLength(1);
    expect(receiptOf(result)?.auditIds.slice(SELF_REVIEWS.length)).toEqual(written);
  });

  it('is absent if the review has denied the mutation', async () => {
    const result = await writ.as('victor', CREATE, { input: { project: 'demo' } });
    expect(codeOf(result)).toBe('FORBIDDEN');
    expect(receiptOf(result)).toBeUndefined();
  });

  it('is its own if an operation has several mutations', async () => {
    const { data } = await writ.as(
      'alice',
      `mutation {
        a: createSession(input: {project: "demo", start: false}) { ${RECEIPT} }
        b: createSession(input: {project: "demo", start: false}) { ${RECEIPT} }
      }`,
    );
    const ids = [...data.a.receipt.auditIds, ...data.b.receipt.auditIds];
    expect(new Set(ids).size).toBe(ids.length);
    expect(data.a.receipt.auditIds).toHaveLength(data.b.receipt.auditIds.length);
  });
});

describe("the receipt of a schedule's own call", () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const project = 'ticking';
  beforeAll(() => putProject(writ.kubernetes('admin'), project));
  const RUN = `mutation ($input: RunScheduledSessionInput!) {
    runScheduledSession(input: $input) { outcome sessionName ${RECEIPT} }
  }`;

  it("has the reviews of its owner's rights, and all writes", async () => {
    const own = await putSchedule(writ.sandbox, project, 'replacing', { policy: 'REPLACE' });
    const run = (tick?: Date) =>
      writ.post(
        { query: RUN, variables: { input: { project, name: own.name, job: own.job(tick) } } },
        { authorization: `Bearer ${own.token}` },
      );
    const { sessionName } = (await run()).data.runScheduledSession;
    const { body } = await writ
      .kubernetes('admin')
      .get(`/apis/vteam.ambient-code/v1alpha1/namespaces/${project}/agenticsessions/${sessionName}`);
    await noteActive(writ.sandbox, own, JSON.stringify([{ name: sessionName, uid: body.metadata.uid }]));
    const { result, requests } = await writ.requestsDuring(() => run(own.minute(-1)));
    expect(result.data.runScheduledSession.outcome).toBe('CREATED');
    const sent = requests.filter(({ user }) => user === BACKEND);
    expect(sent.filter(({ resource }) => resource === 'localsubjectaccessreviews')).toHaveLength(2);
    const receipt = receiptOf(result);
    expect(receipt?.auditIds).toEqual(inOrder(sent.map(({ auditId = '' }) => auditId)));
    expect(receipt?.reviewed).toMatchObject({ verb: 'create', resource: 'agenticsessions', name: null });
  });
});

describe('the receipt of writes that did not go well', () => {
  const sandbox = startTestCluster();
  let faults: ((call: SeenCall) => { status: number; body: string } | undefined)[] = [];
  const writ = startWatchedWrit(sandbox, {
    before: (call) => {
      const answer = faults[0]?.(call);
      if (answer) faults.shift();
      return answer;
    },
  });
  const status = (code: number, more = {}) => ({
    status: code,
    body: JSON.stringify({ kind: 'Status', status: 'Failure', code, ...more }),
  });
  const isWriteOf = ({ via, method, path }: SeenCall, resource: string) =>
    via === 'backend' && method === 'POST' && path.split('?')[0]?.endsWith(`/${resource}`);
  const sentIds = (requestId = '') =>
    writ.calls.flatMap(({ via, headers }) => {
      const id = String(headers['audit-id']);
      return via === 'backend' && id.startsWith(`${requestId}.`) ? [id] : [];
    });
  const create = (name: string) => writ.as('alice', CREATE, { input: { project: 'demo', name } });

  it('has each attempt of a write that was sent again', async () => {
    faults = [(call) => (isWriteOf(call, 'secrets') ? status(429) : undefined)];
    const result = await create('retried');
    expect(result.errors).toBeUndefined();
    const receipt = receiptOf(result);
    const ids = receipt?.auditIds.slice(SELF_REVIEWS.length) ?? [];
    expect(ids).toEqual(inOrder(sentIds(receipt?.requestId)));
    const secrets = writ.log
      .lines()
      .find(({ audit, act, auditIds }) => audit && act === 'createRunObject' && (auditIds as []).length > 1);
    expect(ids).toEqual(expect.arrayContaining(secrets?.auditIds as string[]));
  });

  it('has the writes until a failure, in the error', async () => {
    faults = [(call) => (isWriteOf(call, 'jobs') ? status(500) : undefined)];
    const result = await create('half-made');
    const receipt = receiptOf(result);
    expect(result.errors?.[0]?.extensions).toMatchObject({ session: { name: 'half-made' } });
    const ids = receipt?.auditIds.slice(SELF_REVIEWS.length) ?? [];
    expect(ids.length).toBeGreaterThan(5);
    expect(ids).toEqual(inOrder(sentIds(receipt?.requestId)));
  });

  it('says which write has had no response', async () => {
    faults = [
      (call) => {
        if (isWriteOf(call, 'jobs')) throw new Error('the connection breaks');
        return undefined;
      },
    ];
    const result = await create('unanswered').finally(() => {
      faults = [];
    });
    expect(codeOf(result)).toBe('UNAVAILABLE');
    const receipt = receiptOf(result);
    expect(receipt?.unansweredAuditIds).toHaveLength(1);
    expect(receipt?.auditIds).toEqual(expect.arrayContaining(receipt?.unansweredAuditIds ?? []));
    const line = writ.log.lines().find(({ unansweredAuditIds }) => unansweredAuditIds !== undefined);
    expect(line).toMatchObject({
      act: 'createRunObject',
      outcome: 'failed',
      auditIds: receipt?.unansweredAuditIds,
      unansweredAuditIds: receipt?.unansweredAuditIds,
    });
  });

  it('has both reviews of a start that was tried again, since the session changed', async () => {
    expect(
      (await writ.as('alice', CREATE, { input: { project: 'demo', name: 'busy', start: false } })).errors,
    ).toBe(undefined);
    faults = [
      (call) =>
        call.via === 'backend' && call.method === 'PATCH'
          ? status(409, { reason: 'Conflict', message: 'the object has been modified' })
          : undefined,
    ];
    const result = await writ.as(
      'alice',
      `mutation { startSession(project: "demo", name: "busy") { ${RECEIPT} } }`,
    );
    const receipt = receiptOf(result);
    expect(result.errors).toBeUndefined();
    const sent = sentIds(receipt?.requestId);
    expect(receipt?.auditIds).toEqual(expect.arrayContaining(sent));
    expect(receipt?.auditIds).toHaveLength(sent.length + 2 * SELF_REVIEWS.length);
  });
});

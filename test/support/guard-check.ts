import { GRANTS } from '../../src/authorization/grants.ts';
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts';

export interface GuardedOperation {
  /** The user who sent it. */
  user: string;
  backend: string;
  /** The mutation's name; undefined for other operations. */
  mutation?: string | undefined;
  namespace: string;
  /** Of the session that the operation names. */
  name?: string | undefined;
  /** The CronJob of a schedule that calls by itself, and its owner. */
  schedule?: { name: string; owner: string } | undefined;
}

interface AccessReviewBody {
  kind?: string;
  spec?: { resourceAttributes?: Record<string, string>; user?: string };
  status?: { allowed?: boolean };
}

const OWNER_REVIEWS = 'localsubjectaccessreviews';
const WRITES = new Set(['create', 'patch', 'delete']);

/**
 * What is wrong with the calls that one operation made, in words: whose they are, and what entitled the backend's.
 * Nothing of Writ's own is asked: these are the requests as the cluster saw them.
 */
export function guardViolations(requests: RecordedRequest[], operation: GuardedOperation): string[] {
  const { user, backend, namespace } = operation;
  const violations: string[] = [];
  const ids = new Set(requests.map((request) => request.auditId?.split('.')[0]));
  if (ids.size > 1) violations.push(`calls of ${ids.size} requests`);
  const numbers = new Set(requests.map((request) => request.auditId));
  if (numbers.size < requests.length) violations.push('an Audit-ID of several calls');

  for (const [index, request] of requests.entries()) {
    const said = `${request.user}: ${request.verb} ${request.path}`;
    if (!request.auditId) violations.push(`without an Audit-ID: ${said}`);
    if (request.user === user) continue;
    if (request.user !== backend) {
      violations.push(`as somebody else: ${said}`);
    } else if (request.resource === OWNER_REVIEWS) {
      if (!mayReviewOwner(requests.slice(0, index), request, operation))
        violations.push(`a review of somebody's rights that is not the calling schedule's owner's: ${said}`);
    } else if (!WRITES.has(request.verb)) {
      violations.push(`a read by the backend: ${said}`);
    } else if (namespaceOf(request, operation) !== namespace) {
      violations.push(`a write outside of ${namespace}: ${said}`);
    } else if (!entitled(requests.slice(0, index), operation)) {
      violations.push(`a write by the backend without the user's review: ${said}`);
    }
  }
  const firstWrite = requests.findIndex(
    (request) => request.user === backend && request.resource !== OWNER_REVIEWS,
  );
  // Reads and the question who the user is may be on their way together with the review.
  const beforeWrite = requests.slice(0, Math.max(firstWrite, 0));
  const last = beforeWrite.findLast(
    (request) => isAllowedReview(request, operation) || !mayBesideReview(request, operation),
  );
  if (firstWrite > 0 && !isAllowedReview(last, operation)) {
    violations.push("the backend's first write does not come right after the user's review");
  }
  const writtenAt = requests[firstWrite]?.receivedAt ?? Number.POSITIVE_INFINITY;
  if (firstWrite > 0 && !((last?.respondedAt ?? Number.POSITIVE_INFINITY) <= writtenAt)) {
    violations.push("the backend's first write was sent before the user's review was answered");
  }
  return violations;
}

/** The creation of a namespace is in none: the API server names it in the response alone. */
function namespaceOf({ verb, resource, namespace, name }: RecordedRequest, operation: GuardedOperation) {
  if (resource !== 'namespaces') return namespace;
  if (verb === 'create' && operation.mutation === 'createProject') return operation.namespace;
  return name;
}

function entitled(before: RecordedRequest[], operation: GuardedOperation): boolean {
  const { mutation, namespace, name } = operation;
  const grant = Object.entries(GRANTS).find(([granted]) => granted === mutation)?.[1];
  if (!grant || (grant.of === 'owner') !== (operation.schedule !== undefined)) return false;
  const wanted = grant.review({ namespace, ...(name !== undefined && { name }) });
  return before.some((request) => {
    const asked = (request.body as AccessReviewBody | undefined)?.spec?.resourceAttributes;
    return (
      isAllowedReview(request, operation) &&
      // The server leaves out what is empty: the core group.
      Object.entries(wanted).every(([key, value]) => (asked?.[key] ?? '') === (value ?? '')) &&
      asked?.name === wanted.name
    );
  });
}

/** The review that counts: the user's own, or that of the owner if a schedule calls by itself. */
function isAllowedReview(
  request: RecordedRequest | undefined,
  { user, backend, schedule }: GuardedOperation,
): boolean {
  const [resource, by] = schedule ? [OWNER_REVIEWS, backend] : ['selfsubjectaccessreviews', user];
  if (request?.resource !== resource || request.user !== by) return false;
  return (request.body as AccessReviewBody | undefined)?.status?.allowed === true;
}

function mayBesideReview(request: RecordedRequest, { user }: GuardedOperation): boolean {
  return (
    request.user === user &&
    (['get', 'list'].includes(request.verb) || request.resource === 'selfsubjectreviews')
  );
}

/** After the schedule has read its own CronJob, the backend may ask about that schedule's owner, in its namespace. */
function mayReviewOwner(
  before: RecordedRequest[],
  review: RecordedRequest,
  { user, schedule, namespace }: GuardedOperation,
): boolean {
  const asked = (review.body as AccessReviewBody | undefined)?.spec;
  if (!schedule || review.verb !== 'create' || review.namespace !== namespace) return false;
  if (asked && (asked.user !== schedule.owner || asked.resourceAttributes?.namespace !== namespace))
    return false;
  return before.some(
    (request) =>
      request.user === user &&
      request.verb === 'get' &&
      request.resource === 'cronjobs' &&
      request.namespace === namespace &&
      request.name === schedule.name &&
      request.status === 200,
  );
}

import { GRANTS } from '../../src/authorization/grants.ts';
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts';

export interface GuardedOperation {
  /** The user who sent it. */
  user: string;
  backend: string;
  /** The mutation's name; undefined for a query. */
  mutation?: string | undefined;
  namespace: string;
}

interface AccessReviewBody {
  kind?: string;
  spec?: { resourceAttributes?: Record<string, string> };
  status?: { allowed?: boolean };
}

const WRITES = new Set(['create', 'patch', 'delete']);

/**
 * What is wrong with the calls that one operation made, in words: whose they are, and what entitled the backend's.
 * Nothing of Writ's own is asked: these are the requests as the cluster saw them.
 */
export function guardViolations(requests: RecordedRequest[], operation: GuardedOperation): string[] {
  const { user, backend, mutation, namespace } = operation;
  const violations: string[] = [];
  const ids = new Set(requests.map((request) => request.auditId?.split('.')[0]));
  if (ids.size > 1) violations.push(`calls of ${ids.size} requests`);

  for (const [index, request] of requests.entries()) {
    const said = `${request.user}: ${request.verb} ${request.path}`;
    if (!request.auditId) violations.push(`without an Audit-ID: ${said}`);
    if (request.user === user) continue;
    if (request.user !== backend) {
      violations.push(`as somebody else: ${said}`);
    } else if (!WRITES.has(request.verb)) {
      violations.push(`a read by the backend: ${said}`);
    } else if (request.namespace !== namespace) {
      violations.push(`a write outside of ${namespace}: ${said}`);
    } else if (!entitled(requests.slice(0, index), user, mutation, namespace)) {
      violations.push(`a write by the backend without the user's review: ${said}`);
    }
  }
  const firstWrite = requests.findIndex((request) => request.user === backend);
  if (firstWrite > 0 && !isAllowedReview(requests[firstWrite - 1], user)) {
    violations.push("the backend's first write does not come right after the user's review");
  }
  return violations;
}

function entitled(
  before: RecordedRequest[],
  user: string,
  mutation: string | undefined,
  namespace: string,
): boolean {
  const grant = Object.entries(GRANTS).find(([name]) => name === mutation)?.[1];
  if (!grant) return false;
  const { verb, group, resource } = grant.review({ namespace });
  return before.some((request) => {
    const asked = (request.body as AccessReviewBody | undefined)?.spec?.resourceAttributes;
    return (
      isAllowedReview(request, user) &&
      asked?.verb === verb &&
      asked.group === group &&
      asked.resource === resource &&
      asked.namespace === namespace
    );
  });
}

function isAllowedReview(request: RecordedRequest | undefined, user: string): boolean {
  if (request?.resource !== 'selfsubjectaccessreviews' || request.user !== user) return false;
  return (request.body as AccessReviewBody | undefined)?.status?.allowed === true;
}

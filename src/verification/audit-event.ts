/** One call to the API server, as its audit log has it: the parts that are checked. */
export interface AuditedCall {
  auditId: string;
  /** The name under which the call was authorized: the impersonated one, if there is one. Empty if it was not authenticated. */
  username: string;
  /** Who has impersonated that user. Undefined: nobody. */
  impersonator: string | undefined;
  userAgent: string;
  sourceIps: string[];
  verb: string;
  group: string;
  /** Empty for a path that is no resource. */
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  path: string;
  isDryRun: boolean;
  /** 0 if the log does not have it. */
  status: number;
  /** When the API server received it, and when it had answered: RFC 3339 with microseconds, in UTC, so that text can be compared. */
  receivedAt: string;
  answeredAt: string;
  /** Of a review that was answered. */
  review?: AuditedReview;
  /** Of a review whose answer the log does not have. */
  missingAnswer?: { level: string };
}

export interface AuditedReview {
  /** The user that it is about, if that is not the caller. */
  about: string | undefined;
  attributes: ReviewedAttributes | undefined;
  /** Of an access review. */
  isAllowed: boolean;
  /** Of a SelfSubjectReview: who the caller is. */
  username: string | undefined;
}

export interface ReviewedAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

/** A line that cannot be read, or a log that does not contain what the checks need. */
export class UnusableLog extends Error {}

/** Those that Writ makes. */
const REVIEWS = new Set([
  'authorization.k8s.io/selfsubjectaccessreviews',
  'authorization.k8s.io/localsubjectaccessreviews',
  'authorization.k8s.io/selfsubjectrulesreviews',
  'authentication.k8s.io/selfsubjectreviews',
]);

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

type Json = Record<string, unknown>;

/**
 * Reads a line of an audit log (audit.k8s.io/v1, JSON). Undefined for the stages before a call was answered. Throws UnusableLog
 * with what is wrong.
 */
export function parseAuditLine(line: string): AuditedCall | undefined {
  let event: Json;
  try {
    event = JSON.parse(line);
  } catch {
    throw new UnusableLog('is not JSON');
  }
  if (event?.kind !== 'Event' || !text(event.apiVersion).startsWith('audit.k8s.io/')) {
    throw new UnusableLog('is not an event of an audit log (audit.k8s.io)');
  }
  const stage = text(event.stage);
  // A watch is answered for as long as it lasts; its start says all that is checked.
  if (stage === 'RequestReceived') return undefined;
  const reference = object(event.objectRef);
  const path = text(event.requestURI);
  const resource = text(reference.resource);
  const review = REVIEWS.has(`${text(reference.apiGroup)}/${resource}`) ? reviewOf(event) : {};
  const impersonated = text(object(event.impersonatedUser).username);
  const authenticated = text(object(event.user).username);
  return {
    auditId: text(event.auditID),
    username: impersonated || authenticated,
    impersonator: impersonated ? authenticated : undefined,
    userAgent: text(event.userAgent),
    sourceIps: Array.isArray(event.sourceIPs) ? event.sourceIPs.map(text) : [],
    verb: text(event.verb),
    group: text(reference.apiGroup),
    resource,
    subresource: text(reference.subresource),
    namespace: text(reference.namespace),
    name: text(reference.name),
    path,
    isDryRun: new URLSearchParams(path.split('?').slice(1).join('?')).has('dryRun'),
    status: Number(object(event.responseStatus).code ?? 0),
    receivedAt: timestamp(event.requestReceivedTimestamp),
    answeredAt: timestamp(event.stageTimestamp),
    ...review,
  };
}

function reviewOf(event: Json): Pick<AuditedCall, 'review' | 'missingAnswer'> {
  const status = object(event.responseStatus).code;
  const isAnswered = typeof status === 'number' && status >= 200 && status < 300;
  const answer = object(event.responseObject);
  if (!isAnswered) return {};
  if (event.level !== 'RequestResponse' || Object.keys(answer).length === 0) {
    return { missingAnswer: { level: text(event.level) } };
  }
  const spec = object(answer.spec);
  const result = object(answer.status);
  const attributes = spec.resourceAttributes ? object(spec.resourceAttributes) : undefined;
  const review: AuditedReview = {
    about: text(spec.user) || undefined,
    attributes: attributes
      ? {
          verb: text(attributes.verb),
          group: text(attributes.group),
          resource: text(attributes.resource),
          subresource: text(attributes.subresource),
          namespace: text(attributes.namespace),
          name: text(attributes.name),
        }
      : undefined,
    isAllowed: result.allowed === true && result.denied !== true,
    username: text(object(result.userInfo).username) || undefined,
  };
  return { review };
}

function timestamp(value: unknown): string {
  const at = text(value);
  if (!TIMESTAMP.test(at))
    throw new UnusableLog('has no time, or one that is not RFC 3339 with microseconds');
  return at;
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

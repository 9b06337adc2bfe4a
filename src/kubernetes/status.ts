/** The Status of a failed call (meta/v1): the fields that Writ reads. */
export interface KubernetesStatus {
  /** Absent if the response is from something else than an API server. */
  kind?: 'Status';
  reason?: string;
  message?: string;
  metadata?: { continue?: string };
  details?: {
    name?: string;
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/** A cause as received: each field may be of any type. */
interface StatusCause {
  reason?: unknown;
  message?: unknown;
  field?: unknown;
}

/**
 * The Status in a response's body; empty if the body is not JSON, such as the response of a proxy.
 *
 * @param retryAfter the response's Retry-After header, in seconds
 */
export function parseStatus(body: string, retryAfter: string | string[] | undefined): KubernetesStatus {
  let status: KubernetesStatus = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) status = withoutExcess(parsed);
  } catch {
    // Plain text or HTML: only the HTTP status is known.
  }
  const seconds = Number(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
  if (!(seconds >= 0)) return status;
  return { ...status, details: { retryAfterSeconds: seconds, ...status.details } };
}

/** Maximum length of a text, and maximum number of causes. Tenants can make an authorizer's message very long. */
const MAX_TEXT_LENGTH = 2_048;
const MAX_CAUSES = 50;

/**
 * The fields that Writ reads, as received but for their length: an error is kept until its request is complete. A field can
 * be of any type: that is checked where it is read.
 */
function withoutExcess({ kind, reason, message, metadata, details }: KubernetesStatus): KubernetesStatus {
  const causes = causesOf(details ? { details } : {}).slice(0, MAX_CAUSES);
  const cut = <T>(value: T) => (typeof value === 'string' ? value.slice(0, MAX_TEXT_LENGTH) : value);
  return {
    ...(kind === 'Status' && { kind }),
    ...(reason && { reason: cut(reason) }),
    ...(message && { message: cut(message) }),
    ...(metadata?.continue && { metadata: { continue: metadata.continue } }),
    ...(details && {
      details: {
        ...(details.name !== undefined && { name: cut(details.name) }),
        ...(details.retryAfterSeconds !== undefined && { retryAfterSeconds: details.retryAfterSeconds }),
        causes: causes.map((cause) => ({
          reason: cut(cause.reason),
          message: cut(cause.message),
          field: cut(cause.field),
        })),
      },
    }),
  } as KubernetesStatus;
}

/** meta/v1 StatusReason. A response that a proxy wrote may have any text there. */
const STATUS_REASONS =
  /^(Unauthorized|Forbidden|NotFound|AlreadyExists|Conflict|Gone|Invalid|ServerTimeout|StoreReadError|Timeout|TooManyRequests|BadRequest|MethodNotAllowed|NotAcceptable|RequestEntityTooLarge|UnsupportedMediaType|InternalError|Expired|ServiceUnavailable)$/;

/** The reason, if it is one that Kubernetes defines. */
export function knownReason({ reason }: KubernetesStatus): string | undefined {
  return typeof reason === 'string' && STATUS_REASONS.test(reason) ? reason : undefined;
}

export function isStatus({ kind }: KubernetesStatus): boolean {
  return kind === 'Status';
}

export function causesOf({ details }: KubernetesStatus): StatusCause[] {
  const causes: unknown = details?.causes;
  return Array.isArray(causes) ? causes.filter((cause) => typeof cause === 'object' && cause !== null) : [];
}

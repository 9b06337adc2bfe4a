/**
 * Every error that a client can see, each class with its fixed code, and the mapping from a Kubernetes
 * `Status` to them. What is not one of these is a defect and reaches a client as INTERNAL, without its message.
 */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'EXPIRED'
  | 'TOO_MANY_REQUESTS'
  | 'QUERY_TOO_COMPLEX'
  | 'UNAVAILABLE'
  | 'TIMEOUT'
  | 'INTERNAL';

/** Values for a GraphQL error's `extensions`, next to `code`: JSON only. */
export type ErrorExtensions = Record<string, unknown>;

export abstract class WritError extends Error {
  abstract readonly code: ErrorCode;
  readonly extensions: ErrorExtensions;

  constructor(message: string, extensions: ErrorExtensions = {}) {
    super(message);
    this.name = new.target.name;
    this.extensions = extensions;
  }

  /** The same error, with more said in its extensions. */
  with(extensions: ErrorExtensions): this {
    Object.assign(this.extensions, extensions);
    return this;
  }
}

export class Unauthenticated extends WritError {
  readonly code = 'UNAUTHENTICATED';
}
export class Forbidden extends WritError {
  readonly code = 'FORBIDDEN';
}
export class NotFound extends WritError {
  readonly code = 'NOT_FOUND';
}
export class Conflict extends WritError {
  readonly code = 'CONFLICT';
}
/** A cursor or resourceVersion that the cluster no longer keeps: read again from the start. */
export class Expired extends WritError {
  readonly code = 'EXPIRED';
}
export class TooManyRequests extends WritError {
  readonly code = 'TOO_MANY_REQUESTS';
}
export class QueryTooComplex extends WritError {
  readonly code = 'QUERY_TOO_COMPLEX';
}
/** The cluster could not be reached, or could not answer. */
export class Unavailable extends WritError {
  readonly code = 'UNAVAILABLE';
}
export class Timeout extends WritError {
  readonly code = 'TIMEOUT';
}
export class Internal extends WritError {
  readonly code = 'INTERNAL';
}
/** The cluster's answer is longer than what is read of it into memory. */
export class AnswerTooLarge extends Internal {}

/** `path` is dotted, from the argument's name: `input.repos.0.url`. */
export interface FieldError {
  path: string;
  message: string;
}

export class BadUserInput extends WritError {
  readonly code = 'BAD_USER_INPUT';
  readonly fields: FieldError[];

  constructor(fields: FieldError[], extensions: ErrorExtensions = {}) {
    const said = fields.map(({ path, message }) => `${path}: ${message}`).join('; ');
    super(`Invalid input: ${said}`, { fields, ...extensions });
    this.fields = fields;
  }
}

/** A Kubernetes `Status` of a failed call (meta/v1), as far as Writ reads it. */
export interface KubernetesStatus {
  code?: number;
  reason?: string;
  message?: string;
  metadata?: { continue?: string };
  details?: {
    name?: string;
    kind?: string;
    group?: string;
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/** What a call to the cluster was about, in RBAC's terms. */
export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** A response of the API server with a failure status. `toWritError` decides what a client sees of it. */
export class KubernetesError extends Error {
  readonly statusCode: number;
  readonly status: KubernetesStatus;
  readonly attributes: ResourceAttributes;
  readonly identity: 'user' | 'backend';

  constructor(
    statusCode: number,
    status: KubernetesStatus,
    attributes: ResourceAttributes,
    identity: 'user' | 'backend',
  ) {
    super(`${describe(attributes)}: ${statusCode} ${knownReason(status) ?? ''}`.trim());
    this.name = 'KubernetesError';
    this.statusCode = statusCode;
    this.status = status;
    this.attributes = attributes;
    this.identity = identity;
  }

  get isNotFound(): boolean {
    return this.statusCode === 404;
  }
  get isAlreadyExists(): boolean {
    return this.statusCode === 409 && this.status.reason === 'AlreadyExists';
  }
  get isExpired(): boolean {
    return this.statusCode === 410;
  }
}

/** For `catch`, where what is not there any more is as good as done. */
export function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof KubernetesError && error.isNotFound)) throw error;
}

/** "create agenticsessions.vteam.ambient-code in namespace demo" */
export function describe({
  verb,
  group,
  resource,
  subresource,
  namespace,
  name,
}: ResourceAttributes): string {
  const kind = `${resource}${group ? `.${group}` : ''}${subresource ? `/${subresource}` : ''}`;
  return `${verb} ${kind}${name ? ` "${name}"` : ''}${namespace ? ` in namespace ${namespace}` : ''}`;
}

/** What a client sees of an error from anywhere: itself, where it is one of ours; never an unknown error's text. */
export function toWritError(error: unknown): WritError {
  if (error instanceof WritError) return error;
  if (error instanceof KubernetesError) return fromKubernetes(error);
  return new Internal('Internal error');
}

function fromKubernetes(error: KubernetesError): WritError {
  const { statusCode, status, attributes, identity } = error;
  const said = describe(attributes);
  const causes = identity === 'user' ? userCauses(status) : undefined;
  const kubernetes = {
    kubernetes: { code: statusCode, reason: knownReason(status), ...(causes && { causes }) },
  };
  switch (statusCode) {
    case 401:
      return identity === 'user'
        ? new Unauthenticated('The cluster did not accept the token')
        : new Unavailable("The cluster did not accept Writ's own credentials");
    case 403:
      return forbidden(attributes, identity);
    case 404:
      return new NotFound(`Not found: ${said}`, kubernetes);
    case 409:
      return new Conflict(`Conflict: ${said}`, kubernetes);
    case 410:
      return new Expired(`Expired: ${said}`, kubernetes);
    case 422:
      // A patch that names the UID that it is meant for, and the object under that name is another by now.
      if (causesOf(status.details).some(({ field }) => field === 'metadata.uid')) {
        return new Conflict(`Conflict: ${said}`, kubernetes);
      }
      return new BadUserInput(fieldErrors(status, said, identity), kubernetes);
    case 400:
    case 413:
      return new BadUserInput(fieldErrors(status, said, identity), kubernetes);
    case 429:
      return new TooManyRequests('The cluster asks for fewer requests', {
        retryAfterSeconds: status.details?.retryAfterSeconds ?? 1,
        ...kubernetes,
      });
    case 504:
      return new Timeout(`The cluster timed out: ${said}`, kubernetes);
    default:
      return statusCode >= 500
        ? new Unavailable(`The cluster could not answer: ${said}`, kubernetes)
        : new Internal(`Unexpected answer of the cluster: ${said}`, kubernetes);
  }
}

/** FORBIDDEN, saying verb, resource and namespace. */
export function forbidden(attributes: ResourceAttributes, identity: 'user' | 'backend' = 'user'): Forbidden {
  const who = identity === 'user' ? 'You may not' : "Writ's service account may not";
  const hint = identity === 'user' ? '' : ' (is the namespace a project under Writ?)';
  return new Forbidden(`${who} ${describe(attributes)}${hint}`, { ...attributes });
}

/** meta/v1 StatusReason. Anything else that stands there may be anything. */
const STATUS_REASONS =
  /^(Unauthorized|Forbidden|NotFound|AlreadyExists|Conflict|Gone|Invalid|ServerTimeout|StoreReadError|Timeout|TooManyRequests|BadRequest|MethodNotAllowed|NotAcceptable|RequestEntityTooLarge|UnsupportedMediaType|InternalError|Expired|ServiceUnavailable)$/;

function knownReason({ reason }: KubernetesStatus): string | undefined {
  return typeof reason === 'string' && STATUS_REASONS.test(reason) ? reason : undefined;
}

type Cause = { reason?: unknown; message?: unknown; field?: unknown };

/** Of a user's own call they are about the user's own input. */
function userCauses({ details }: KubernetesStatus) {
  return causesOf(details).map(({ reason, message, field }) => ({ reason, message, field }));
}

/** Of the backend's call only a field's path is said: its text is about what Writ sent. */
function fieldErrors(
  { details }: KubernetesStatus,
  said: string,
  identity: 'user' | 'backend',
): FieldError[] {
  const refused = `the cluster refused it (${said})`;
  const named = causesOf(details).flatMap(({ field, message, reason }): FieldError[] => {
    if (typeof field !== 'string' || !/^(spec|metadata)(\.[A-Za-z][\w[\]-]{0,62}){1,8}$/.test(field))
      return [];
    const text = message ?? reason;
    return [{ path: field, message: identity === 'user' && typeof text === 'string' ? text : refused }];
  });
  return named.length > 0 ? named : [{ path: '', message: refused }];
}

function causesOf(details: KubernetesStatus['details']): Cause[] {
  const causes: unknown = details?.causes;
  return Array.isArray(causes) ? causes.filter((cause) => typeof cause === 'object' && cause !== null) : [];
}

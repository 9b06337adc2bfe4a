/**
 * The `extensions.code` of the errors below, one or more classes for each; docs/errors.md says when each occurs. Any other
 * error is a defect: a client gets INTERNAL without its message.
 */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'CONFLICT',
  'EXPIRED',
  'TOO_MANY_REQUESTS',
  'QUERY_TOO_COMPLEX',
  'UNAVAILABLE',
  'TIMEOUT',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Values for a GraphQL error's `extensions`, next to `code`: JSON only. */
export type ErrorExtensions = Record<string, unknown>;

export abstract class WritError extends Error {
  abstract readonly code: ErrorCode;
  readonly extensions: ErrorExtensions;

  /** @param options the cause is for the administrator, in Writ's own words: clients do not see it */
  constructor(message: string, extensions: ErrorExtensions = {}, options?: { cause?: Error }) {
    super(message, options);
    this.name = new.target.name;
    this.extensions = extensions;
  }

  /** Adds to the error's extensions and returns the same error. */
  with(extensions: ErrorExtensions): this {
    Object.assign(this.extensions, extensions);
    return this;
  }
}

/** The bearer token is missing, malformed, or not accepted by the cluster. */
export class Unauthenticated extends WritError {
  readonly code = 'UNAUTHENTICATED';
}
/** The cluster does not allow the caller (or Writ's own service account) to do this. */
export class Forbidden extends WritError {
  readonly code = 'FORBIDDEN';
}
export class NotFound extends WritError {
  readonly code = 'NOT_FOUND';
}
/** The object has changed, already exists, or is in a state that does not allow the operation. */
export class Conflict extends WritError {
  readonly code = 'CONFLICT';
}
/** The cluster no longer keeps the list that a cursor or resourceVersion refers to: the client starts again without it. */
export class Expired extends WritError {
  readonly code = 'EXPIRED';
}
/** The caller has too much in progress, or the cluster limits requests: retry after `extensions.retryAfterSeconds`. */
export class TooManyRequests extends WritError {
  readonly code = 'TOO_MANY_REQUESTS';
}
/** The document, or what its execution takes, exceeds a limit, which `extensions.limit` names: see docs/limits.md. */
export class QueryTooComplex extends WritError {
  readonly code = 'QUERY_TOO_COMPLEX';
}
/** The cluster cannot be reached or cannot serve the call, or Writ cannot serve the request now. */
export class Unavailable extends WritError {
  readonly code = 'UNAVAILABLE';
}
/** A deadline has passed, a review is too old, or the request was aborted. A write may have taken effect. */
export class Timeout extends WritError {
  readonly code = 'TIMEOUT';
}
/** A defect. */
export class Internal extends WritError {
  readonly code = 'INTERNAL';
}
/** The cluster's response is larger than Writ reads into memory. */
export class ResponseTooLarge extends Internal {}

/** `path` is dotted and begins with the argument's name: `input.repos.0.url`. */
export interface FieldError {
  path: string;
  message: string;
}

export class BadUserInput extends WritError {
  readonly code = 'BAD_USER_INPUT';
  readonly fields: FieldError[];

  constructor(fields: FieldError[], extensions: ErrorExtensions = {}, options?: { cause?: Error }) {
    const causes = fields.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
    super(`Invalid input: ${causes}`, { fields, ...extensions }, options);
    this.fields = fields;
  }
}

/** An error of a lower layer that knows which WritError a client sees in its place. */
export abstract class TranslatableError extends Error {
  abstract toWritError(): WritError;
}

/** For the administrator, at the start and in readiness: the message of an error, and why it occurred. */
export function explain({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${explain(cause)}` : message;
}

/** The error that a client sees in place of any thrown value. The text of an unknown error is never shown. */
export function toWritError(error: unknown): WritError {
  if (error instanceof WritError) return error;
  if (error instanceof TranslatableError) return error.toWritError();
  return new Internal('Internal error');
}

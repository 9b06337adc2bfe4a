import type { Fields } from './objects.ts';
import type { Resource } from './resources.ts';

export interface Cause {
  field: string;
  reason: string;
  message: string;
}

/** A Kubernetes Status of failure, thrown and then sent as it is. */
export class StatusError extends Error {
  readonly code: number;
  readonly body: Fields;

  constructor(code: number, reason: string, message: string, details?: Fields, metadata: Fields = {}) {
    super(message);
    this.code = code;
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code,
    };
  }
}

type Named = Pick<Resource, 'group' | 'plural'>;

/** `agenticsessions.vteam.ambient-code`, or `pods` in the core group. */
export function groupResource({ group, plural }: Named): string {
  return group ? `${plural}.${group}` : plural;
}

function details(resource: Named, name: string): Fields {
  return { ...(name && { name }), ...(resource.group && { group: resource.group }), kind: resource.plural };
}

export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);
export const unauthorized = () => new StatusError(401, 'Unauthorized', 'Unauthorized');
export const pageNotFound = () =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
export const unsupportedMediaType = (message: string) =>
  new StatusError(415, 'UnsupportedMediaType', message);
export const methodNotAllowed = () =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

/** What nobody serves under groups that the server does not know by itself: plain text. */
export class UnknownPath extends Error {}

export function notFound(resource: Named, name: string): StatusError {
  const message = `${groupResource(resource)} "${name}" not found`;
  return new StatusError(404, 'NotFound', message, details(resource, name));
}

export function alreadyExists(resource: Named, name: string, isBeingDeleted: boolean): StatusError {
  const message = `${isBeingDeleted ? 'object is being deleted: ' : ''}${groupResource(resource)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, details(resource, name));
}

/** Some checks know the kind of what they speak of, and not its resource. */
export function kindConflict(
  { group, kind }: Named & { kind: string },
  name: string,
  why: string,
): StatusError {
  return conflict({ group, plural: kind }, name, why, group ? `${kind}.${group}` : kind);
}

export function conflict(
  resource: Named,
  name: string,
  why: string,
  what = groupResource(resource),
): StatusError {
  const message = `Operation cannot be fulfilled on ${what} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, details(resource, name));
}

export function forbidden(resource: Named, name: string, why: string, causes?: Fields[]): StatusError {
  const message = `${groupResource(resource)}${name ? ` "${name}"` : ''} is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, {
    ...details(resource, name),
    ...(causes && { causes }),
  });
}

export function invalid(resource: Named & { kind: string }, name: string, causes: Cause[]): StatusError {
  const { group, kind } = resource;
  const lines = causes.map(({ field, message }) => `${field}: ${message}`);
  const all = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const message = `${group ? `${kind}.${group}` : kind} "${name}" is invalid: ${all}`;
  const about = { ...(name && { name }), ...(group && { group }), kind, causes };
  return new StatusError(422, 'Invalid', message, about);
}

/** A 410. `continueToken`, if any, reads the rest of the list inconsistently. */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(
    410,
    'Expired',
    message,
    undefined,
    continueToken ? { continue: continueToken } : {},
  );
}

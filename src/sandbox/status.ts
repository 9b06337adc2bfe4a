import type { Cause } from './field-errors.ts';
import type { Fields } from './objects.ts';

/** A Kubernetes Status of a failure: thrown anywhere, sent as the response. */
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

/** The parts of a resource that a Status names. */
interface GroupResource {
  group: string;
  plural: string;
}

interface GroupKind extends GroupResource {
  kind: string;
}

/** `agenticsessions.vteam.ambient-code`, or `pods` in the core group. */
function qualified(name: string, group: string): string {
  return group ? `${name}.${group}` : name;
}

function details({ group, plural }: GroupResource, name: string): Fields {
  return { ...(name && { name }), ...(group && { group }), kind: plural };
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

/** A path that no handler serves, outside the built-in API groups: a 404 in plain text instead of a Status. */
export class UnknownPath extends Error {}

export function notFound(resource: GroupResource, name: string): StatusError {
  const message = `${qualified(resource.plural, resource.group)} "${name}" not found`;
  return new StatusError(404, 'NotFound', message, details(resource, name));
}

export function alreadyExists(resource: GroupResource, name: string, isBeingDeleted: boolean): StatusError {
  const prefix = isBeingDeleted ? 'object is being deleted: ' : '';
  const message = `${prefix}${qualified(resource.plural, resource.group)} "${name}" already exists`;
  return new StatusError(409, 'AlreadyExists', message, details(resource, name));
}

export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  const what = qualified(resource.plural, resource.group);
  const message = `Operation cannot be fulfilled on ${what} "${name}": ${why}`;
  return new StatusError(409, 'Conflict', message, details(resource, name));
}

/** Some of Kubernetes' checks name the kind in place of the resource. */
export function kindConflict({ group, kind }: GroupKind, name: string, why: string): StatusError {
  return conflict({ group, plural: kind }, name, why);
}

export function forbidden(
  resource: GroupResource,
  name: string,
  why: string,
  causes?: Fields[],
): StatusError {
  const what = qualified(resource.plural, resource.group);
  const message = `${what}${name ? ` "${name}"` : ''} is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, {
    ...details(resource, name),
    ...(causes && { causes }),
  });
}

export function invalid(
  { group, kind }: Omit<GroupKind, 'plural'>,
  name: string,
  causes: Cause[],
): StatusError {
  const lines = causes.map(({ field, message }) => `${field}: ${message}`);
  const all = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const message = `${qualified(kind, group)} "${name}" is invalid: ${all}`;
  return new StatusError(422, 'Invalid', message, { ...details({ group, plural: kind }, name), causes });
}

/** A 410. With `continueToken` a client can read the rest of the list, inconsistently. */
export function expired(message: string, continueToken?: string): StatusError {
  const metadata = continueToken ? { continue: continueToken } : {};
  return new StatusError(410, 'Expired', message, undefined, metadata);
}

import { BadUserInput } from '../errors.ts';
import { apiVersionOf, type ResourceType } from './resources.ts';

/** A path of the API server that this file has built and validated. */
export type ResourcePath = string & { readonly __resourcePath: unique symbol };

/** RFC 1123 label, with Kubernetes' own expression: names of namespaces, and names that are label values too. */
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** RFC 1123 subdomain: names of most objects. */
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Of the names that RBAC objects may have, those that a URL leaves as they are, such as `system:basic-user`. */
const RBAC_NAME = /^[A-Za-z0-9][\w:.@-]*$/;
const RBAC_GROUP = 'rbac.authorization.k8s.io';
const SUBRESOURCES = new Set(['status', 'log', 'token']);

const LABEL_RULE =
  'must be a DNS label: at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit';
const SUBDOMAIN_RULE =
  'must be a DNS subdomain name: at most 253 lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit';

export function isDnsLabel(value: string): boolean {
  return value.length <= 63 && DNS_LABEL.test(value);
}

export function isDnsSubdomain(value: string): boolean {
  return value.length <= 253 && DNS_SUBDOMAIN.test(value);
}

/** Whether an object of RBAC with this name can be read. Others have names that are DNS subdomains. */
export function isRbacName(value: string): boolean {
  return value.length <= 253 && RBAC_NAME.test(value);
}

/** Returns the namespace's name. BAD_USER_INPUT with this `path` if it is not a DNS label. */
export function parseNamespace(value: string, path: string): string {
  return parseDnsLabel(value, path);
}

/** Returns the container's name. BAD_USER_INPUT with this `path` if it is not a DNS label. */
export function parseContainer(value: string, path: string): string {
  return parseDnsLabel(value, path);
}

function parseDnsLabel(value: string, path: string): string {
  if (!isDnsLabel(value)) throw new BadUserInput([{ path, message: LABEL_RULE }]);
  return value;
}

/** Returns an object's name. BAD_USER_INPUT with this `path` if it is not a DNS subdomain. */
export function parseName(value: string, path: string): string {
  if (!isDnsSubdomain(value)) throw new BadUserInput([{ path, message: SUBDOMAIN_RULE }]);
  return value;
}

export interface ResourceLocation {
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: string | undefined;
}

/**
 * The path of a collection, an object or a subresource. Each segment is validated, and a URL parser must leave the whole
 * path unchanged, so that dots, slashes and escapes cannot traverse or truncate it.
 */
export function resourcePath(type: ResourceType, location: ResourceLocation): ResourcePath {
  const { namespace, name, subresource } = location;
  if (!type.namespaced && namespace !== undefined) throw new TypeError(`${type.resource} are not namespaced`);
  if (type.namespaced && namespace === undefined) throw new TypeError(`${type.resource} need a namespace`);
  if (subresource !== undefined && (name === undefined || !SUBRESOURCES.has(subresource))) {
    throw new TypeError(`unknown subresource, or one without an object's name: ${subresource}`);
  }

  const segments = [type.group ? 'apis' : 'api', ...apiVersionOf(type).split('/')];
  if (namespace !== undefined) segments.push('namespaces', parseNamespace(namespace, 'namespace'));
  segments.push(type.resource);
  if (name !== undefined) segments.push(parseNameOf(type, name));
  if (subresource !== undefined) segments.push(subresource);
  return assertUnchanged(`/${segments.join('/')}`);
}

function parseNameOf({ kind, group }: ResourceType, name: string): string {
  if (kind === 'Namespace') return parseNamespace(name, 'name');
  return group === RBAC_GROUP && isRbacName(name) ? name : parseName(name, 'name');
}

/** The path of a collection in all namespaces. */
export function collectionPath(type: ResourceType): ResourcePath {
  return assertUnchanged(`/${type.group ? 'apis' : 'api'}/${apiVersionOf(type)}/${type.resource}`);
}

/** The path at which a group's version says which resources it has. */
export function discoveryPath(type: ResourceType): ResourcePath {
  return assertUnchanged(`/${type.group ? 'apis' : 'api'}/${apiVersionOf(type)}`);
}

function assertUnchanged(path: string): ResourcePath {
  if (new URL(path, 'https://cluster.invalid').pathname !== path) {
    throw new TypeError('a URL parser would change the path');
  }
  return path as ResourcePath;
}

/** The API server's version, which it returns to unauthenticated clients too. */
export const VERSION_PATH = assertUnchanged('/version');
/** Whether the API server is ready, which it tells everybody. */
export const READYZ_PATH = assertUnchanged('/readyz');

import { badRequest } from './status.ts';

/** What an authorizer decides about: a resource, or a path that is not one. */
export interface Attributes {
  verb: string;
  group?: string;
  version?: string;
  resource?: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  /** Set if the request is not for a resource. */
  path?: string;
}

/** The attributes of a request for a resource. */
export interface RequestInfo extends Attributes {
  group: string;
  version: string;
  resource: string;
}

const verbs: Record<string, [named: string, collection: string]> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

/** Reads the attributes from method and path as the API server does. */
export function requestInfo(method: string, url: URL, rawPath: string): Attributes | RequestInfo {
  const [named, collection] = verbs[method] ?? [method.toLowerCase(), method.toLowerCase()];
  const segments = rawPath.split('/').filter((segment) => segment !== '');
  const [root, ...rest] = segments.map(decoded);
  const core = root === 'api';
  const [group, version, ...parts] = core ? ['', ...rest] : rest;
  if ((!core && root !== 'apis') || group === undefined || version === undefined || parts.length === 0) {
    return { verb: method.toLowerCase(), path: `/${segments.join('/')}` };
  }
  let namespace: string | undefined;
  if (parts[0] === 'namespaces' && parts[1] !== undefined) {
    namespace = parts[1];
    // `/namespaces/NAME`, `…/status` and `…/finalize` name the namespace itself.
    if (parts.length > 2 && parts[2] !== 'status' && parts[2] !== 'finalize') parts.splice(0, 2);
  }
  const [resource = '', pathName, subresource] = parts;
  let verb = pathName === undefined ? collection : named;
  let name = pathName;
  if (verb === 'list' || verb === 'deletecollection') {
    const selected = /(?:^|,)metadata\.name==?([^,]+)/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
    if (selected) name = selected;
    if (verb === 'list' && isTrue(url.searchParams.get('watch'))) verb = 'watch';
  }
  return {
    verb,
    group,
    version,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`the path segment ${segment} is not valid`);
  }
}

function isTrue(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}

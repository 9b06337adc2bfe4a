import type { Fields } from '../objects.ts';
import { pageNotFound, UnknownPath } from '../status.ts';
import type { Resource } from '../storage/resources.ts';
import { openapiDocument, openapiIndex } from './openapi.ts';
import { openapiV2Document } from './openapi-v2.ts';

const reviewResources = [
  ['authorization.k8s.io', 'SelfSubjectAccessReview'],
  ['authorization.k8s.io', 'SelfSubjectRulesReview'],
  ['authentication.k8s.io', 'SelfSubjectReview'],
  ['authentication.k8s.io', 'TokenReview'],
] as const;

const version = {
  major: '1',
  minor: '30',
  gitVersion: 'v1.30.0-sandbox',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'writ sandbox: an in-memory imitation, not Kubernetes',
};

/** The document at a path that is not a resource: text, protocol buffers or JSON. */
export function discovery(resources: Resource[], path: string): string | Buffer | Fields {
  const [root, group, groupVersion] = path.split('/').slice(1);
  if (['/healthz', '/livez', '/readyz'].includes(path)) return 'ok';
  if (path === '/version') return version;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/api/v1') return resourceList(resources, '', 'v1');
  if (path === '/apis') {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupVersions(resources).map(apiGroup) };
  }
  if (path === '/openapi/v2') return openapiV2Document(resources);
  if (path === '/openapi/v3') return openapiIndex(resources);
  if (path.startsWith('/openapi/v3/')) return openapiDocument(resources, path.slice('/openapi/v3/'.length));
  const known = groupVersions(resources).find(([name]) => name === group);
  if (root === 'apis' && known && groupVersion === undefined) {
    return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(known) };
  }
  if (root === 'apis' && known && groupVersion === known[1]) return resourceList(resources, ...known);
  throw known ? pageNotFound() : new UnknownPath();
}

function groupVersions(resources: Resource[]): [group: string, version: string][] {
  const all = [
    ...resources.map(({ group, version }) => [group, version] as const),
    ...reviewResources.map(([g]) => [g, 'v1'] as const),
  ];
  return [...new Map(all)].filter(([group]) => group !== '');
}

function apiGroup([name, version]: [string, string]): Fields {
  const groupVersion = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [groupVersion], preferredVersion: groupVersion };
}

function resourceList(all: Resource[], group: string, version: string): Fields {
  const own = all.filter((resource) => resource.group === group);
  const reviews = reviewResources.filter(([reviewGroup]) => reviewGroup === group);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group ? `${group}/${version}` : version,
    resources: [
      ...own.flatMap((resource) => [
        described(resource),
        ...resource.subresources.map((s) => sub(resource, s)),
      ]),
      ...reviews.map(([, kind]) => {
        const singularName = kind.toLowerCase();
        return { name: `${singularName}s`, singularName, namespaced: false, kind, verbs: ['create'] };
      }),
    ],
  };
}

function described({ plural, singular, namespaced, kind, verbs, shortNames, categories }: Resource): Fields {
  const groups = categories.length > 0 && { categories };
  return { name: plural, singularName: singular, namespaced, kind, verbs, shortNames, ...groups };
}

function sub({ plural, namespaced, kind }: Resource, subresource: string): Fields {
  const name = `${plural}/${subresource}`;
  const common = { name, singularName: '', namespaced };
  if (subresource === 'log') return { ...common, kind, verbs: ['get'] };
  if (subresource !== 'token') return { ...common, kind, verbs: ['get', 'patch', 'update'] };
  return {
    ...common,
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenRequest',
    verbs: ['create'],
  };
}

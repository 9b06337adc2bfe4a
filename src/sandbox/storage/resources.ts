import { at, type Fields, type KubeObject, listAt, stringAt } from '../objects.ts';
import { age, type Column, jobColumns, podColumns } from './columns.ts';
import { CustomSchema } from './schema.ts';

/** One resource that the API serves. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  shortNames: string[];
  /** Groups of resources that kubectl takes in place of one, such as `all`. */
  categories: string[];
  namespaced: boolean;
  subresources: string[];
  verbs: string[];
  /** Whether changes of the spec increment metadata.generation. */
  generation: boolean;
  columns: Column[];
  /** Set for custom resources. */
  schema?: CustomSchema;
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const rbacGroup = 'rbac.authorization.k8s.io';

function builtIn(
  group: string,
  kind: string,
  plural: string,
  more: Partial<Resource> & { shortName?: string } = {},
): Resource {
  const { shortName, ...rest } = more;
  return {
    group,
    version: 'v1',
    plural,
    singular: kind.toLowerCase(),
    kind,
    shortNames: shortName ? [shortName] : [],
    categories: [],
    namespaced: true,
    subresources: [],
    verbs: allVerbs,
    generation: false,
    columns: [age],
    ...rest,
  };
}

/** The built-in resources that Writ and kubectl use. */
export function builtInResources(): Resource[] {
  return [
    builtIn('', 'Namespace', 'namespaces', {
      shortName: 'ns',
      namespaced: false,
      subresources: ['status'],
      columns: [{ name: 'Status', type: 'string', path: '.status.phase' }, age],
    }),
    builtIn('', 'Pod', 'pods', {
      shortName: 'po',
      categories: ['all'],
      subresources: ['status', 'log'],
      columns: podColumns,
    }),
    builtIn('', 'Event', 'events', {
      shortName: 'ev',
      columns: [
        { name: 'Last Seen', type: 'date', path: '.lastTimestamp' },
        { name: 'Type', type: 'string', path: '.type' },
        { name: 'Reason', type: 'string', path: '.reason' },
        { name: 'Object', type: 'string', path: '.involvedObject.name' },
        { name: 'Message', type: 'string', path: '.message' },
      ],
    }),
    builtIn('', 'ServiceAccount', 'serviceaccounts', { shortName: 'sa', subresources: ['token'] }),
    builtIn('', 'Secret', 'secrets', { columns: [{ name: 'Type', type: 'string', path: '.type' }, age] }),
    builtIn('', 'ConfigMap', 'configmaps', { shortName: 'cm' }),
    builtIn('batch', 'Job', 'jobs', {
      categories: ['all'],
      subresources: ['status'],
      generation: true,
      columns: jobColumns,
    }),
    builtIn('batch', 'CronJob', 'cronjobs', {
      shortName: 'cj',
      categories: ['all'],
      subresources: ['status'],
      generation: true,
      columns: [
        { name: 'Schedule', type: 'string', path: '.spec.schedule' },
        { name: 'Suspend', type: 'boolean', path: '.spec.suspend' },
        age,
      ],
    }),
    builtIn(rbacGroup, 'Role', 'roles'),
    builtIn(rbacGroup, 'RoleBinding', 'rolebindings', {
      columns: [{ name: 'Role', type: 'string', path: '.roleRef.name' }, age],
    }),
    builtIn(rbacGroup, 'ClusterRole', 'clusterroles', { namespaced: false }),
    builtIn(rbacGroup, 'ClusterRoleBinding', 'clusterrolebindings', {
      namespaced: false,
      columns: [{ name: 'Role', type: 'string', path: '.roleRef.name' }, age],
    }),
    builtIn('coordination.k8s.io', 'Lease', 'leases', {
      columns: [{ name: 'Holder', type: 'string', path: '.spec.holderIdentity' }, age],
    }),
    builtIn('apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', {
      shortName: 'crd',
      namespaced: false,
      verbs: ['get', 'list', 'watch'],
    }),
  ];
}

/** The resource of a CustomResourceDefinition, in its storage version. */
export function customResource(crd: KubeObject): Resource {
  const version = listAt(crd, 'spec', 'versions').find((v) => v.storage === true);
  const schema = at(version, 'schema', 'openAPIV3Schema') as Fields;
  return {
    group: stringAt(crd, 'spec', 'group') ?? '',
    version: stringAt(version, 'name') ?? '',
    plural: stringAt(crd, 'spec', 'names', 'plural') ?? '',
    singular: stringAt(crd, 'spec', 'names', 'singular') ?? '',
    kind: stringAt(crd, 'spec', 'names', 'kind') ?? '',
    shortNames: (at(crd, 'spec', 'names', 'shortNames') as string[] | undefined) ?? [],
    categories: (at(crd, 'spec', 'names', 'categories') as string[] | undefined) ?? [],
    namespaced: at(crd, 'spec', 'scope') === 'Namespaced',
    subresources: Object.keys((at(version, 'subresources') as Fields | undefined) ?? {}),
    verbs: allVerbs,
    generation: true,
    columns: listAt(version, 'additionalPrinterColumns').map((column) => ({
      name: String(column.name),
      type: String(column.type),
      path: String(column.jsonPath),
      priority: Number(column.priority ?? 0),
    })),
    schema: new CustomSchema(schema),
  };
}

import fc from 'fast-check';
import type { RbacUser } from '../../../src/kubernetes/rbac/binding.ts';
import type { ResourceAttributes } from '../../../src/kubernetes/resource-attributes.ts';

/** All graphs share them: what a graph gives, it gives to users of its own. */
const PLACES = ['rbac-0', 'rbac-1', 'rbac-2'];
const NAMES = ['a', 'b', 'rbac-0', 'rbac-1'];
/** With those that are asked about as objects, in which a remedy can be. */
export const NAMESPACES_OF_GRAPHS = [...new Set([...PLACES, ...NAMES])];
const API_GROUP = 'rbac.authorization.k8s.io';
export const GRAPH_LABEL = 'writ.test/rbac-graph';
const AGGREGATED_LABEL = 'writ.test/aggregated-into';

const verb = fc.constantFrom('get', 'list', 'create', 'update', 'delete', 'deletecollection', 'bind', 'use');
const group = fc.constantFrom('', 'batch', 'apps', 'vteam.ambient-code', API_GROUP);
const resource = fc.constantFrom('pods', 'secrets', 'deployments', 'agenticsessions', 'roles', 'namespaces');
const subresource = fc.constantFrom(undefined, undefined, 'log', 'status', 'scale');
const name = fc.constantFrom<string | undefined>(undefined, ...NAMES);
const namespace = fc.constantFrom<string | undefined>(...PLACES, undefined);
const place = fc.constantFrom(...PLACES);

const ruleResource = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(resource, subresource).map(([r, s]) => (s ? `${r}/${s}` : r)) },
  { weight: 1, arbitrary: fc.constantFrom('*', '*/scale', '*/log', 'pods/*', 'pod*') },
);
const some = <T>(each: fc.Arbitrary<T>, maxLength = 2) => fc.array(each, { minLength: 1, maxLength });
const orAny = (each: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 6, arbitrary: each }, { weight: 1, arbitrary: fc.constant('*') });

const rule = fc.record({
  verbs: some(orAny(verb), 3),
  apiGroups: some(orAny(group)),
  resources: some(ruleResource, 3),
  resourceNames: fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: some(fc.constantFrom('a', 'b', 'rbac-0', '*')) },
  ),
});
type Rule = typeof rule extends fc.Arbitrary<infer T> ? T : never;

/** Of a graph: two users with a group each, who share a third one, and two service accounts. */
export function usersOf(graph: number): RbacUser[] {
  const person = (each: number): RbacUser => ({
    username: `u${each}-${graph}`,
    groups: [`g${each}-${graph}`, `both-${graph}`, 'system:authenticated'],
  });
  const account = (each: number): RbacUser => ({
    username: `system:serviceaccount:rbac-${each}:sa-${graph}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:rbac-${each}`, 'system:authenticated'],
  });
  return [person(0), person(1), account(0), account(1)];
}

const subject = fc.constantFrom('u0', 'u1', 'g0', 'g1', 'both', 'sa0', 'sa1', 'sa of the binding', 'nobody');
type Subject = typeof subject extends fc.Arbitrary<infer T> ? T : never;

const graphArbitrary = fc.record({
  roles: fc.array(fc.record({ place, rules: fc.array(rule, { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  clusterRoles: fc.array(fc.record({ rules: fc.array(rule, { maxLength: 2 }), isAggregated: fc.boolean() }), {
    minLength: 1,
    maxLength: 2,
  }),
  /** To the role of this number, or to one that does not exist. */
  bindings: fc.array(
    fc.record({
      place,
      toClusterRole: fc.boolean(),
      role: fc.constantFrom(0, 0, 1, 2, 3),
      isClusterWide: fc.oneof(
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      subjects: fc.array(subject, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  questions: fc.array(
    fc.record({
      user: fc.nat(3),
      /** From the rule of this number, unless it is too high; then what is wrong with it. */
      rule: fc.nat(9),
      part: fc.nat(2),
      changed: fc.constantFrom(
        'nothing',
        'nothing',
        'nothing',
        'verb',
        'group',
        'resource',
        'name',
        'namespace',
      ),
      random: fc.record({ verb, group, resource, subresource, namespace, name }),
    }),
    { minLength: 8, maxLength: 8 },
  ),
});
type Drawn = typeof graphArbitrary extends fc.Arbitrary<infer T> ? T : never;

export interface Question {
  user: RbacUser;
  attributes: ResourceAttributes;
}

export interface GraphObject {
  kind: 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding';
  metadata: { name: string; namespace?: string; labels: Record<string, string> };
  [field: string]: unknown;
}

export interface Graph {
  objects: GraphObject[];
  questions: Question[];
}

export function drawGraphs(count: number, seed: number): Graph[] {
  return fc.sample(graphArbitrary, { numRuns: count, seed }).map(toGraph);
}

function toGraph(drawn: Drawn, graph: number): Graph {
  const { roles, clusterRoles, bindings } = drawn;
  const labels = { [GRAPH_LABEL]: 'yes' };
  const objects: GraphObject[] = roles.map(({ place, rules }, index) => ({
    kind: 'Role',
    metadata: { name: `r${index}-${graph}`, namespace: place, labels },
    rules: rules.map(stored),
  }));
  for (const [index, { rules, isAggregated }] of clusterRoles.entries()) {
    const name = `c${index}-${graph}`;
    if (!isAggregated)
      objects.push({ kind: 'ClusterRole', metadata: { name, labels }, rules: rules.map(stored) });
    else objects.push(...aggregated(name, labels, rules));
  }
  objects.push(...bindings.map((each, index) => bindingObject(each, `b${index}-${graph}`, graph, roles)));
  return { objects, questions: drawn.questions.map((each) => question(each, drawn, graph)) };
}

/** A ClusterRole of which a controller fills in the rules, from one for each rule. */
function aggregated(name: string, labels: Record<string, string>, rules: Rule[]): GraphObject[] {
  const selected = { [AGGREGATED_LABEL]: name };
  const parts = rules.map(
    (each, index): GraphObject => ({
      kind: 'ClusterRole',
      metadata: { name: `${name}-part${index}`, labels: { ...labels, ...selected } },
      rules: [stored(each)],
    }),
  );
  const whole: GraphObject = {
    kind: 'ClusterRole',
    metadata: { name, labels },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: selected }] },
    rules: [],
  };
  return [...parts, whole];
}

function bindingObject(
  { place, toClusterRole, role, isClusterWide, subjects }: Drawn['bindings'][number],
  name: string,
  graph: number,
  roles: Drawn['roles'],
): GraphObject {
  const isOfClusterRole = isClusterWide || toClusterRole;
  // A Role is bound in its own namespace.
  const home = isOfClusterRole ? place : (roles[role]?.place ?? place);
  const labels = { [GRAPH_LABEL]: 'yes' };
  return {
    kind: isClusterWide ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, labels, ...(!isClusterWide && { namespace: home }) },
    roleRef: {
      apiGroup: API_GROUP,
      kind: isOfClusterRole ? 'ClusterRole' : 'Role',
      name: `${isOfClusterRole ? 'c' : 'r'}${isOfClusterRole ? role % 2 : role}-${graph}`,
    },
    subjects: subjects.map((each) => subjectObject(each, graph, home, isClusterWide)),
  };
}

function subjectObject(subject: Subject, graph: number, home: string, isClusterWide: boolean): object {
  const account = (namespace: string) => ({ kind: 'ServiceAccount', name: `sa-${graph}`, namespace });
  switch (subject) {
    case 'sa0':
      return account('rbac-0');
    case 'sa1':
      return account('rbac-1');
    case 'sa of the binding':
      // The API server refuses one without a namespace: only a username says it in another way.
      return isClusterWide
        ? { apiGroup: API_GROUP, kind: 'User', name: `system:serviceaccount:rbac-0:sa-${graph}` }
        : account(home);
    case 'u0':
    case 'u1':
      return { apiGroup: API_GROUP, kind: 'User', name: `${subject}-${graph}` };
    case 'nobody':
      // A group's name is no user's.
      return { apiGroup: API_GROUP, kind: 'User', name: `g0-${graph}` };
    default:
      return { apiGroup: API_GROUP, kind: 'Group', name: `${subject}-${graph}` };
  }
}

/** Mostly about what a rule of the graph says, so that about half of the answers are yes. */
function question(
  drawn: Drawn['questions'][number],
  { roles, clusterRoles, bindings }: Drawn,
  graph: number,
): Question {
  const { user, part, changed, random } = drawn;
  const binding = bindings[drawn.rule % bindings.length];
  const ofClusterRole = binding?.isClusterWide || binding?.toClusterRole;
  const rules =
    (ofClusterRole ? clusterRoles[(binding?.role ?? 0) % 2] : roles[binding?.role ?? 0])?.rules ?? [];
  const rule = rules[part % Math.max(1, rules.length)];
  const users = usersOf(graph);
  const asker = users[user] as RbacUser;
  if (!binding || !rule || drawn.rule === 9) return { user: asker, attributes: random };
  const concrete = (list: string[], otherwise: string) => {
    const chosen = list[part % list.length] ?? otherwise;
    return chosen === '*' ? otherwise : chosen;
  };
  const [resource = '', subresource] = concrete(rule.resources, random.resource).split('/');
  const home = ofClusterRole ? binding.place : (roles[binding.role]?.place ?? binding.place);
  const attributes: ResourceAttributes = {
    verb: concrete(rule.verbs, random.verb),
    group: concrete(rule.apiGroups, random.group),
    resource: resource === '*' ? random.resource : resource,
    subresource,
    namespace: binding.isClusterWide ? random.namespace : home,
    name: rule.resourceNames[0] ?? random.name,
  };
  const from = changed === 'nothing' ? {} : { [changed]: random[changed] };
  return {
    user: subjectUser(binding.subjects[0], users, home) ?? asker,
    attributes: { ...attributes, ...from },
  };
}

function subjectUser(subject: Subject | undefined, [u0, u1, sa0, sa1]: RbacUser[], home: string) {
  switch (subject) {
    case 'u0':
    case 'g0':
    case 'both':
      return u0;
    case 'u1':
    case 'g1':
      return u1;
    case 'sa0':
      return sa0;
    case 'sa1':
      return sa1;
    case 'sa of the binding':
      return home === 'rbac-1' ? sa1 : sa0;
    default:
      return undefined;
  }
}

function stored({ resourceNames, ...rule }: Rule): object {
  return { ...rule, ...(resourceNames.length > 0 && { resourceNames }) };
}

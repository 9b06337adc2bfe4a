import { SESSION_GROUP } from './objects.ts';

/** One right, as small as RBAC can say it: `create batch/jobs`, `bind …/clusterroles writ-backend-project`. */
export type Atom = string;

export interface Rule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  verbs: string[];
}

export function atomOf(verb: string, group: string, resource: string, resourceName?: string): Atom {
  return `${verb} ${group}/${resource}${resourceName ? ` ${resourceName}` : ''}`;
}

/** What Kubernetes' escalation check wants to see held before it lets a run's Role be made. */
export const HELD_TO_GRANT: Atom[] = [atomOf('get', SESSION_GROUP, 'agenticsessions/status')];
/** The API also makes the Roles of schedules. */
export const HELD_BY_API_TO_GRANT: Atom[] = [atomOf('get', 'batch', 'cronjobs'), ...HELD_TO_GRANT];

/** Every right that the rules give. */
export function atomsOf(rules: Rule[]): Atom[] {
  return rules.flatMap((rule) => singleRules(rule).map(asAtom)).sort();
}

/** The same rights without one. */
export function rulesWithout(rules: Rule[], atom: Atom): Rule[] {
  return rules.flatMap(singleRules).filter((rule) => asAtom(rule) !== atom);
}

function singleRules({ apiGroups = [], resources = [], resourceNames, verbs }: Rule): Rule[] {
  const names = resourceNames?.map((name) => [name]) ?? [undefined];
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      names.flatMap((name) =>
        verbs.map((verb) => ({
          apiGroups: [group],
          resources: [resource],
          verbs: [verb],
          ...(name && { resourceNames: name }),
        })),
      ),
    ),
  );
}

function asAtom({ verbs, apiGroups, resources, resourceNames }: Rule): Atom {
  return atomOf(verbs[0] ?? '', apiGroups?.[0] ?? '', resources?.[0] ?? '', resourceNames?.[0]);
}

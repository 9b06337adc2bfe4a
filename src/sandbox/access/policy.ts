import { z } from 'zod';
import type { KubeObject } from '../objects.ts';
import type { Attributes } from '../request-info.ts';
import { badRequest } from '../status.ts';

const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const policyRule = z.object({
  verbs: strings,
  apiGroups: strings,
  resources: strings,
  resourceNames: strings,
  nonResourceURLs: strings,
});
export type PolicyRule = z.infer<typeof policyRule>;

const role = z.object({ rules: z.array(policyRule).nullish() });

const binding = z.object({
  roleRef: z.object({ kind: z.string(), name: z.string().min(1) }),
  subjects: z
    .array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }))
    .nullish()
    .transform((list) => list ?? []),
});
export type Binding = z.infer<typeof binding>;

export function parseRole(object: KubeObject): PolicyRule[] {
  return parsed(role, object).rules ?? [];
}

export function parseBinding(object: KubeObject): Binding {
  return parsed(binding, object);
}

function parsed<T>(shape: z.ZodType<T>, object: KubeObject): T {
  const { success, data, error } = shape.safeParse(object);
  if (!success) throw badRequest(`${object.kind} cannot be decoded: ${z.prettifyError(error)}`);
  return data;
}

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  const { verb, path, group = '', resource = '', subresource, name } = attributes;
  if (!matches(rule.verbs, verb)) return false;
  if (path !== undefined) return pathMatches(rule, path);
  return (
    matches(rule.apiGroups, group) &&
    resourceMatches(rule, subresource ? `${resource}/${subresource}` : resource, subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name ?? ''))
  );
}

/** Whether the held rule allows all that a rule of one verb on one resource, or on one path, allows. */
export function ruleCovers(held: PolicyRule, { verbs, ...wanted }: PolicyRule): boolean {
  if (!verbs.every((verb) => matches(held.verbs, verb))) return false;
  const [path] = wanted.nonResourceURLs;
  if (path) return pathMatches(held, path);
  return (
    wanted.apiGroups.every((group) => matches(held.apiGroups, group)) &&
    wanted.resources.every((resource) => resourceMatches(held, resource, resource.split('/')[1])) &&
    (held.resourceNames.length === 0 ||
      (wanted.resourceNames.length > 0 && wanted.resourceNames.every((n) => held.resourceNames.includes(n))))
  );
}

function matches(list: string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

/** @param full the resource with its subresource: `pods/log` */
function resourceMatches({ resources }: PolicyRule, full: string, subresource: string | undefined): boolean {
  return matches(resources, full) || (!!subresource && resources.includes(`*/${subresource}`));
}

function pathMatches({ nonResourceURLs }: PolicyRule, path: string): boolean {
  return nonResourceURLs.some(
    (url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
  );
}

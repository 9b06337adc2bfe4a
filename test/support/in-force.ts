import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import type { KubernetesClient } from './kubernetes-client.ts';

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

export interface Subject {
  kind?: unknown;
  name?: unknown;
  namespace?: unknown;
}

const REVIEWS = '/apis/authorization.k8s.io/v1';

/** A real API server applies roles and bindings moments after they were stored: until the subject has the rules. */
export async function untilBound(
  admin: KubernetesClient,
  namespace: string,
  rules: Rule[],
  { kind, name, namespace: home }: Subject,
): Promise<void> {
  const user = kind === 'User' ? name : `system:serviceaccount:${home}:${name}`;
  for (const rule of rules) {
    const who = kind === 'Group' ? { user: 'a-member', groups: [name] } : { user };
    const spec = { ...who, resourceAttributes: attributesOf(rule, namespace) };
    await until(() => admin.create(`${REVIEWS}/subjectaccessreviews`, { spec }), true);
  }
}

/** Until it may, or may no longer, what the rule says. */
export function untilMay(
  who: KubernetesClient,
  namespace: string,
  rule: Rule,
  allowed = true,
): Promise<void> {
  const spec = { resourceAttributes: attributesOf(rule, namespace) };
  return until(() => who.create(`${REVIEWS}/selfsubjectaccessreviews`, { spec }), allowed);
}

/** Of the rule's verbs the last: in project roles it is what a lesser role lacks. */
function attributesOf({ apiGroups, resources, verbs, resourceNames }: Rule, namespace: string) {
  const [resource, subresource] = (resources[0] ?? '').split('/');
  const [group, verb, name] = [apiGroups[0], verbs.at(-1), resourceNames?.[0]];
  return { namespace, group, resource, verb, ...(subresource && { subresource }), ...(name && { name }) };
}

async function until(review: () => Promise<{ status?: { allowed: boolean } }>, allowed: boolean) {
  await eventually(async () => expect((await review()).status?.allowed).toBe(allowed));
}

import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/** Anything that posts to the cluster's API as one identity. */
interface Client {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  create(path: string, body: unknown): Promise<{ status: number; body: any }>;
}

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

/** A real API server takes up roles and bindings moments after they were stored: until the subject has the rules. */
export async function untilBound(
  admin: Client,
  namespace: string,
  rules: Rule[],
  { kind, name, namespace: home }: Subject,
): Promise<void> {
  const user = kind === 'User' ? name : `system:serviceaccount:${home}:${name}`;
  for (const rule of rules) {
    const spec = { user, resourceAttributes: attributesOf(rule, namespace) };
    await until(async () => (await admin.create(`${REVIEWS}/subjectaccessreviews`, { spec })).body, true);
  }
}

/** Until it may, or may no longer, what the rule says. */
export function untilMay(who: Client, namespace: string, rule: Rule, allowed = true): Promise<void> {
  const spec = { resourceAttributes: attributesOf(rule, namespace) };
  return until(async () => (await who.create(`${REVIEWS}/selfsubjectaccessreviews`, { spec })).body, allowed);
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

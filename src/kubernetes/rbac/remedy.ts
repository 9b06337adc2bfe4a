import { createHash } from 'node:crypto';
import { type ResourceAttributes, toReviewAttributes } from '../resource-attributes.ts';
import type { RbacObject } from './binding.ts';
import { escalationRiskOf } from './escalation-risk.ts';
import type { FullPolicyRule } from './policy-rule.ts';

/** The smallest role that allows something. An administrator has to create it and bind it. */
export interface Remedy {
  /** A Role wherever that is enough; its name is the same for the same rule. */
  role: RbacObject;
  rules: [FullPolicyRule];
  /** Why the right can give more than it says; null if Kubernetes names no such risk. */
  escalationRisk: string | null;
}

/** For what the cluster has denied. It makes no call: that the namespace or the resource exists is not known. */
export function remedyFor(attributes: ResourceAttributes): Remedy {
  const reviewed = toReviewAttributes(attributes);
  const { verb, group, resource, subresource, namespace, name } = reviewed;
  const full = subresource ? `${resource}/${subresource}` : resource;
  const rule: FullPolicyRule = {
    verbs: [verb],
    apiGroups: [group],
    resources: [full],
    resourceNames: name ? [name] : [],
  };
  return {
    role: {
      kind: namespace ? 'Role' : 'ClusterRole',
      name: `${readable(`${verb}-${full}`)}-${digestOf(rule)}`,
      namespace,
    },
    rules: [rule],
    escalationRisk: escalationRiskOf(reviewed),
  };
}

const MAX_READABLE = 40;

/** The part of a name that people read. Any text can have been asked about. */
function readable(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_READABLE)
    .replace(/^-+|-+$/g, '');
  return plain || 'access';
}

/** The part that makes a name the same for the same content, and for no other. */
export function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}

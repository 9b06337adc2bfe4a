import { accessReviewOf, parseAccessReview } from './access-review.ts';
import type { Call } from './caller.ts';
import { reviewCall } from './calls.ts';
import type { DeniedBy } from './failed-call.ts';
import { isDenied } from './kubernetes-error.ts';
import type { ResourceAttributes } from './resource-attributes.ts';
import { SELF_SUBJECT_ACCESS_REVIEWS } from './resources.ts';

type Send = (call: Call) => Promise<string>;

/**
 * Sends a write. If it is denied (403), a review with the same identity determines by what: an authorizer and admission
 * webhooks write what they want into the message. A write that the review allows is sent once more, as the permission may
 * have arrived in between, or not yet at each API server.
 *
 * @param send sends a call: the write, and reviews with the same identity
 */
export async function sendWrite(call: Call, send: Send): Promise<string> {
  try {
    return await send(call);
  } catch (error) {
    if (!isDenied(error)) throw error;
    const deniedBy = await reviewDenial(call, send);
    if (deniedBy === 'authorizer' || deniedBy === 'unknown') throw error.withDeniedBy(deniedBy);
    return send(call).catch((again: unknown) => {
      throw isDenied(again) ? again.withDeniedBy(deniedBy) : again;
    });
  }
}

/** `unknown` if a review fails. */
async function reviewDenial(call: Call, send: Send): Promise<DeniedBy> {
  try {
    if (!(await isAllowed(call, call.attributes, send))) return 'authorizer';
    const granting = grantingAttributes(call);
    return !granting || (await isAllowed(call, granting, send)) ? 'admission' : 'escalation-check';
  } catch {
    return 'unknown';
  }
}

/** Reviews whether the identity of a call may do something else. */
async function isAllowed(
  { authorization, identity, scope, credential }: Call,
  attributes: ResourceAttributes,
  send: Send,
): Promise<boolean> {
  const review = reviewCall(SELF_SUBJECT_ACCESS_REVIEWS, accessReviewOf(attributes));
  const text = await send({ ...review, authorization, identity, scope, ...(credential && { credential }) });
  return parseAccessReview(JSON.parse(text)).allowed;
}

/**
 * Who writes roles and bindings must hold the permissions that these grant, or one of these verbs:
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
 */
function grantingAttributes({ attributes, body }: Call): ResourceAttributes | undefined {
  const { group, resource, namespace, name } = attributes;
  if (group !== 'rbac.authorization.k8s.io') return undefined;
  if (resource === 'roles' || resource === 'clusterroles') {
    return { verb: 'escalate', group, resource, namespace, name };
  }
  const { roleRef } = (body ?? {}) as { roleRef?: { kind?: string; name?: string } };
  const roles = roleRef?.kind === 'Role' ? 'roles' : 'clusterroles';
  return { verb: 'bind', group, resource: roles, namespace, name: roleRef?.name };
}

import type { Authentication } from '../access/authentication.ts';
import type { Rbac } from '../access/rbac.ts';
import { apiAudience } from '../access/service-account-tokens.ts';
import type { UserInfo } from '../access/user-info.ts';
import { type Fields, isFields, timestamp } from '../objects.ts';
import type { Attributes } from '../request-info.ts';
import { badRequest, invalid } from '../status.ts';

const authorization = 'authorization.k8s.io';

interface ReviewKind {
  group: string;
  kind: string;
  evaluate: (user: UserInfo, spec: Fields, namespace: string) => { spec: Fields; status: Fields };
}

/** The kinds that are evaluated and not stored. */
export function reviewKinds(rbac: Rbac, authentication: Authentication): ReviewKind[] {
  function selfSubjectAccess(user: UserInfo, spec: Fields) {
    const reason = rbac.reason(user, reviewedAttributes(spec));
    return { spec, status: reason === undefined ? { allowed: false } : { allowed: true, reason } };
  }

  function localSubjectAccess(_: UserInfo, spec: Fields, namespace: string) {
    const attributes = reviewedAttributes(spec);
    if (attributes.namespace !== namespace) {
      const message = `Invalid value: ${JSON.stringify(attributes.namespace ?? '')}: must match metadata.namespace`;
      throw invalid({ group: authorization, kind: 'LocalSubjectAccessReview' }, '', [
        { field: 'spec.resourceAttributes.namespace', reason: 'FieldValueInvalid', message },
      ]);
    }
    const groups = Array.isArray(spec.groups) ? spec.groups.map(String) : [];
    return selfSubjectAccess({ username: String(spec.user ?? ''), uid: '', groups }, spec);
  }

  function selfSubjectRules(user: UserInfo, spec: Fields) {
    if (!spec.namespace) throw badRequest('no namespace on request');
    const rules = rbac.rulesOf(user, String(spec.namespace));
    const resourceRules = rules
      .filter((rule) => rule.resources.length > 0)
      .map(({ nonResourceURLs: _, resourceNames, ...rule }) => ({
        ...rule,
        ...(resourceNames.length > 0 && { resourceNames }),
      }));
    const nonResourceRules = rules
      .filter((rule) => rule.nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
    return { spec: {}, status: { resourceRules, nonResourceRules, incomplete: false } };
  }

  function selfSubject({ uid, ...user }: UserInfo) {
    return { spec: {}, status: { userInfo: { ...user, ...(uid && { uid }) } } };
  }

  function token(_: UserInfo, spec: Fields) {
    const audiences = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [apiAudience];
    const user = authentication.userOfToken(String(spec.token ?? ''), audiences);
    const status = user
      ? { authenticated: true, user, audiences }
      : { user: {}, error: 'invalid bearer token' };
    return { spec: { ...spec, token: '' }, status };
  }

  return [
    { group: authorization, kind: 'SelfSubjectAccessReview', evaluate: selfSubjectAccess },
    { group: authorization, kind: 'LocalSubjectAccessReview', evaluate: localSubjectAccess },
    { group: authorization, kind: 'SelfSubjectRulesReview', evaluate: selfSubjectRules },
    { group: 'authentication.k8s.io', kind: 'SelfSubjectReview', evaluate: selfSubject },
    { group: 'authentication.k8s.io', kind: 'TokenReview', evaluate: token },
  ];
}

/** The response to a review. */
export function review(
  { group, kind, evaluate }: ReviewKind,
  user: UserInfo,
  body: Fields,
  namespace = '',
): Fields {
  const evaluated = evaluate(user, isFields(body.spec) ? body.spec : {}, namespace);
  const metadata = { ...(namespace && { namespace }), creationTimestamp: timestamp() };
  return { kind, apiVersion: `${group}/v1`, metadata, ...evaluated };
}

function reviewedAttributes(spec: Fields): Attributes {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (isFields(resource) === isFields(path)) {
    const message =
      'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw invalid({ group: authorization, kind: 'SelfSubjectAccessReview' }, '', [
      { field: 'spec.resourceAttributes', reason: 'FieldValueInvalid', message },
    ]);
  }
  if (isFields(path)) return { verb: String(path.verb ?? ''), path: String(path.path ?? '') };
  const text = (field: string) => (isFields(resource) ? String(resource[field] ?? '') : '');
  return {
    verb: text('verb'),
    group: text('group'),
    resource: text('resource'),
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
  };
}

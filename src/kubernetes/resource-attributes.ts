/** What a call does, in the attributes that authorizers and SubjectAccessReviews use (authorization.k8s.io/v1). */
export interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** For example "create agenticsessions.vteam.ambient-code in namespace demo". */
export function describeAttributes({
  verb,
  group,
  resource,
  subresource,
  namespace,
  name,
}: ResourceAttributes): string {
  const kind = `${resource}${group ? `.${group}` : ''}${subresource ? `/${subresource}` : ''}`;
  return `${verb} ${kind}${name ? ` "${name}"` : ''}${namespace ? ` in namespace ${namespace}` : ''}`;
}

/**
 * The attributes that the API server would give the authorizer for the real request. A review must have the same:
 * - a create or deletecollection has no name: with one, a rule with resourceNames would allow what is then forbidden;
 * - a request for a Namespace has its name as the namespace too, so that Roles in it apply.
 */
export function toReviewAttributes(attributes: ResourceAttributes): ResourceAttributes {
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const isCollectionCreate = (verb === 'create' || verb === 'deletecollection') && !subresource;
  const isNamespace = group === '' && resource === 'namespaces';
  return {
    verb,
    group,
    resource,
    ...(subresource && { subresource }),
    ...(isNamespace ? name && !isCollectionCreate && { namespace: name } : namespace && { namespace }),
    ...(name && !isCollectionCreate && { name }),
  };
}

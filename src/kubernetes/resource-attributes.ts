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

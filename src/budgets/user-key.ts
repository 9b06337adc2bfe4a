/**
 * The user that requests count for, whatever the token. All service accounts of a namespace count as one: whoever may
 * create one may create many.
 */
export function userKeyOf({ username }: { username: string }): string {
  const [system, kind, namespace] = username.split(':');
  return system === 'system' && kind === 'serviceaccount' ? `system:serviceaccount:${namespace}` : username;
}

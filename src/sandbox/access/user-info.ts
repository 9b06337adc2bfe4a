/** The authenticated user of a request, as in a TokenReview. */
export interface UserInfo {
  username: string;
  uid: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

export function serviceAccountUser(namespace: string, name: string, uid: string): UserInfo {
  const username = `system:serviceaccount:${namespace}:${name}`;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { username, uid, groups };
}

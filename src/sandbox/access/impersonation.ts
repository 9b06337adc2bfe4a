import type { IncomingMessage } from 'node:http';
import type { Attributes } from '../request-info.ts';
import { badRequest } from '../status.ts';
import { serviceAccountUser, type UserInfo } from './user-info.ts';

const EXTRA = 'impersonate-extra-';
const SERVICE_ACCOUNT = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/;
const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';
const group = 'authentication.k8s.io';

/**
 * The user that a request acts as: that of its Impersonate headers, or the one who sends it. Throws if `authorize`
 * refuses the verb `impersonate` on the user, one of the groups, an extra value or the UID.
 * https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function effectiveUser(
  sender: UserInfo,
  { headersDistinct: headers }: IncomingMessage,
  authorize: (user: UserInfo, attributes: Attributes) => void,
): UserInfo {
  const username = headers['impersonate-user']?.[0] ?? '';
  const groups = headers['impersonate-group'] ?? [];
  const uid = headers['impersonate-uid']?.[0] ?? '';
  const extra = Object.entries(headers).flatMap(([name, values = []]): [string, string[]][] =>
    name.startsWith(EXTRA) ? [[decoded(name.slice(EXTRA.length)), values]] : [],
  );
  if (!username) {
    if (groups.length + extra.length === 0 && !uid) return sender;
    const requested = [...groups, ...extra.flatMap(([, values]) => values), ...(uid ? [uid] : [])];
    throw badRequest(`requested [${requested.join(' ')}] without impersonating a user name`);
  }
  const [, namespace, account] = SERVICE_ACCOUNT.exec(username) ?? [];
  const may = (attributes: Omit<Attributes, 'verb'>) =>
    authorize(sender, { verb: 'impersonate', ...attributes });
  if (namespace && account) may({ group: '', resource: 'serviceaccounts', namespace, name: account });
  else may({ group: '', resource: 'users', name: username });
  for (const name of groups) may({ group: '', resource: 'groups', name });
  for (const [key, values] of extra) {
    for (const name of values) may({ group, resource: 'userextras', subresource: key, name });
  }
  if (uid) may({ group, resource: 'uids', name: uid });
  const own = namespace && account ? serviceAccountUser(namespace, account, '').groups : [];
  return {
    username,
    uid,
    groups: withImplied(username, groups.length > 0 ? groups : own),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
}

/** With the group that says whether the user is authenticated, unless the groups say so themselves. */
function withImplied(username: string, groups: string[]): string[] {
  const isAnonymous = username === 'system:anonymous';
  const isSaid = groups.includes(UNAUTHENTICATED) || (!isAnonymous && groups.includes(AUTHENTICATED));
  return isSaid ? groups : [...groups, isAnonymous ? UNAUTHENTICATED : AUTHENTICATED];
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

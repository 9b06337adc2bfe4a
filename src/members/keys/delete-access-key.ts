import { NotFound } from '../../errors.ts';
import { nullIfNotFound } from '../../kubernetes/kubernetes-error.ts';
import { ROLE_BINDINGS, SERVICE_ACCOUNTS } from '../../kubernetes/resources.ts';
import type { UserCluster } from '../../kubernetes/user-cluster.ts';
import type { StoredBinding } from '../../model/member.ts';
import { parseProjectName, readProject } from '../../projects/read-project.ts';
import { check, dnsLabel } from '../../sessions/session-fields.ts';
import { ACCESS_KEY_PREFIX, accessKeyOf, isKeyAccount, type StoredAccount } from './access-key.ts';

/** Younger accounts without a role can be those of a request that is creating a key. */
const ABANDONED_MS = 60_000;
/** For removing what a failed request has left, also after its own deadline. */
const CLEANUP_MS = 5_000;

/**
 * Deletes an access key, as the user: first its binding, with which its rights end within milliseconds, then its service
 * account, with which its token is not accepted any more within about 10 s, which API servers keep what they know of a token.
 * It returns the UID of the service account. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT.
 */
export async function deleteAccessKey(
  user: UserCluster,
  project: string,
  rawName: string,
): Promise<{ namespace: string; name: string; uid: string }> {
  const namespace = parseProjectName(project, 'project');
  const name = check(dnsLabel, rawName, 'name');
  await readProject(user, namespace);
  const uid = await deleteAccount(user, namespace, name, { abandoned: false });
  if (uid) return { namespace, name, uid };
  throw new NotFound(`There is no access key "${name}"`, { project: namespace, name });
}

/**
 * Deletes the account of a key and its binding. It returns the account's UID; undefined if there is no account of a key, or
 * only an abandoned one was to be deleted and it is not.
 */
export async function deleteAccount(
  user: UserCluster,
  namespace: string,
  name: string,
  { abandoned }: { abandoned: boolean },
): Promise<string | undefined> {
  const full = `${ACCESS_KEY_PREFIX}${name}`;
  const account = await user.find<StoredAccount>(SERVICE_ACCOUNTS, namespace, full);
  if (!account || !isKeyAccount(account)) return undefined;
  const binding = await user.find<StoredBinding>(ROLE_BINDINGS, namespace, full);
  const { uid, resourceVersion, creationTimestamp } = account.metadata;
  if (abandoned && (binding || Date.now() - Date.parse(creationTimestamp) < ABANDONED_MS)) return undefined;
  if (binding && accessKeyOf(binding)) {
    const preconditions = {
      uid: binding.metadata.uid,
      resourceVersion: binding.metadata.resourceVersion,
    };
    await user.delete(ROLE_BINDINGS, namespace, full, preconditions).catch(nullIfNotFound);
  }
  await user.delete(SERVICE_ACCOUNTS, namespace, full, { uid, resourceVersion }).catch(nullIfNotFound);
  return uid;
}

/** Deletes the account that a request has made and could not complete. The cluster deletes its binding, if there is one, with it. */
export async function revokeAccount(user: UserCluster, { metadata }: StoredAccount): Promise<void> {
  const { namespace = '', name, uid } = metadata;
  const later = user.until(AbortSignal.timeout(CLEANUP_MS));
  await later.delete(SERVICE_ACCOUNTS, namespace, name, { uid }).catch(nullIfNotFound);
}

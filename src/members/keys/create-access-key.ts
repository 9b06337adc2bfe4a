import { z } from 'zod';
import { BadUserInput, Conflict } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { ROLE_BINDINGS, SERVICE_ACCOUNTS } from '../../kubernetes/resources.ts';
import type { UserCluster } from '../../kubernetes/user-cluster.ts';
import type { StoredBinding } from '../../model/member.ts';
import {
  clusterRoleOf,
  PROJECT_ROLES,
  type ProjectRole,
  type ProjectRolePrefix,
} from '../../model/project-role.ts';
import type { IssuedToken } from '../../model/run-token.ts';
import { parseProjectName, readProject } from '../../projects/read-project.ts';
import { check, dnsLabel, text } from '../../sessions/session-fields.ts';
import { readMembers } from '../read-members.ts';
import {
  ACCESS_KEY_PREFIX,
  type AccessKey,
  accessKeyOf,
  keyAccount,
  keyBinding,
  keyTokenRequest,
  MAX_KEY_NAME_LENGTH,
  type StoredAccount,
} from './access-key.ts';
import { deleteAccount, revokeAccount } from './delete-access-key.ts';

/** What a TokenRequest accepts at least, and Writ at most. */
const MIN_SECONDS = 600;
const MAX_SECONDS = 365 * 24 * 3_600;
/** Clocks differ: a returned expiry that is earlier by less is the requested one. */
const TOLERANCE_SECONDS = 5;

const createAccessKeyInput = z.object({
  project: z.string(),
  name: dnsLabel.max(MAX_KEY_NAME_LENGTH, `must have at most ${MAX_KEY_NAME_LENGTH} characters`),
  description: text(1_024).nullish(),
  role: z.enum(PROJECT_ROLES),
  expiresAt: z.string(),
});

export type CreateAccessKeyInput = z.input<typeof createAccessKeyInput>;

export interface AccessKeyDependencies {
  user: UserCluster;
  subject: { username: string };
  projectRolePrefix: ProjectRolePrefix;
  /** Whether a key can have the role of an admin. */
  adminAccessKeys: boolean;
}

export interface CreatedAccessKey {
  accessKey: AccessKey;
  token: string;
  /** Whether the cluster has given the token an earlier expiry than was requested. */
  shortened: boolean;
}

/**
 * Creates a service account with a token, and last the binding that gives it the role, all as the user. What a failure leaves
 * has no rights: the account is deleted, by its UID, and the cluster deletes the binding with it. Errors: BAD_USER_INPUT,
 * FORBIDDEN, NOT_FOUND, CONFLICT (there is a key or a service account of the name, or a binding names it already).
 */
export async function createAccessKey(
  { user, subject, projectRolePrefix, adminAccessKeys }: AccessKeyDependencies,
  rawInput: CreateAccessKeyInput,
): Promise<CreatedAccessKey> {
  const namespace = parseProjectName(rawInput.project, 'input.project');
  const input = check(createAccessKeyInput, rawInput, 'input');
  const seconds = secondsUntil(input.expiresAt);
  assertRoleAllowed(input.role, adminAccessKeys);
  await readProject(user, namespace);
  await assertUnnamed(user, namespace, input.name);

  const { name, description } = input;
  const texts = { description, createdBy: subject.username };
  const clusterRole = clusterRoleOf(input.role, projectRolePrefix);
  const account = await createAccount(user, namespace, name, texts);
  try {
    const { uid } = account.metadata;
    const location = { namespace, name: account.metadata.name, subresource: 'token' };
    const request = keyTokenRequest(uid, seconds);
    const { status } = await user.create<{ status: IssuedToken }>(SERVICE_ACCOUNTS, location, request);
    const binding = keyBinding(account, name, clusterRole, status.expirationTimestamp, texts);
    const stored = await user.create<StoredBinding>(ROLE_BINDINGS, { namespace }, binding);
    const accessKey = accessKeyOf(stored);
    if (!accessKey) throw new Conflict('The cluster has changed the binding of the access key', { name });
    const lacks = Date.parse(input.expiresAt) - Date.parse(status.expirationTimestamp);
    return { accessKey, token: status.token, shortened: lacks > TOLERANCE_SECONDS * 1_000 };
  } catch (error) {
    await revokeAccount(user, account).catch(() => {});
    throw error;
  }
}

function secondsUntil(expiresAt: string): number {
  const seconds = Math.ceil((Date.parse(expiresAt) - Date.now()) / 1_000);
  if (seconds >= MIN_SECONDS && seconds <= MAX_SECONDS) return seconds;
  throw new BadUserInput([
    { path: 'input.expiresAt', message: 'must be at least 10 minutes and at most 365 days from now' },
  ]);
}

function assertRoleAllowed(role: ProjectRole, adminAccessKeys: boolean): void {
  if (role !== 'admin' || adminAccessKeys) return;
  const message =
    'must be VIEW or EDIT: whoever may create tokens in the project could take the key of an admin for themselves. An administrator can allow it with WRIT_ADMIN_ACCESS_KEYS';
  throw new BadUserInput([{ path: 'input.role', message }]);
}

/** A binding gives its role to whatever has the name, so that one that an earlier key has left would count for the new one. */
async function assertUnnamed(user: UserCluster, namespace: string, name: string): Promise<void> {
  const members = await readMembers(user, namespace);
  const account = `${namespace}:${ACCESS_KEY_PREFIX}${name}`;
  if (!members.some(({ subject }) => subject.kind === 'SERVICE_ACCOUNT' && subject.name === account)) return;
  throw new Conflict(`There is an access key "${name}", or a role for its service account`, {
    project: namespace,
    name,
  });
}

/** One that a failed request has left, without a role, makes way. */
async function createAccount(
  user: UserCluster,
  namespace: string,
  name: string,
  texts: Parameters<typeof keyAccount>[2],
): Promise<StoredAccount> {
  const create = () =>
    user.create<StoredAccount>(SERVICE_ACCOUNTS, { namespace }, keyAccount(namespace, name, texts));
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof KubernetesError && error.isAlreadyExists)) throw error;
    if (await deleteAccount(user, namespace, name, { abandoned: true })) return create();
    throw new Conflict(`There is a service account "${ACCESS_KEY_PREFIX}${name}" already`, {
      project: namespace,
      name,
    });
  }
}

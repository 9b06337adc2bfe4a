import {
  apiVersionOf,
  type ObjectMeta,
  ROLE_BINDINGS,
  type RoleBinding,
  SERVICE_ACCOUNTS,
  type ServiceAccount,
  type Stored,
} from '../../kubernetes/resources.ts';
import {
  DESCRIPTION,
  MANAGED_BY_WRIT,
  REQUESTED_BY,
  TOKEN_EXPIRES_AT,
} from '../../model/labels-and-annotations.ts';
import type { StoredBinding } from '../../model/member.ts';
import { RBAC_API } from '../../model/project-objects.ts';
import { type ProjectRole, projectRoleOf } from '../../model/project-role.ts';

/** What the service account and the RoleBinding of an access key begin with, before the name of the key. */
export const ACCESS_KEY_PREFIX = 'access-key-';
export const MAX_KEY_NAME_LENGTH = 63 - ACCESS_KEY_PREFIX.length;
const ACCESS_KEY_LABEL = 'ambient-code.io/access-key';
export const ACCESS_KEYS = `${ACCESS_KEY_LABEL}=true`;

export type StoredAccount = Stored<ServiceAccount>;

/** A service account with a token and a role, for automation. What it says of itself, its project's admins can have written. */
export class AccessKey {
  readonly namespace: string;
  readonly name: string;
  readonly role: ProjectRole;
  /** Of the service account. */
  readonly uid: string;
  readonly createdAt: string;
  readonly annotations: Record<string, string>;

  constructor(namespace: string, name: string, role: ProjectRole, uid: string, metadata: ObjectMeta) {
    this.namespace = namespace;
    this.name = name;
    this.role = role;
    this.uid = uid;
    this.createdAt = metadata.creationTimestamp ?? '';
    this.annotations = metadata.annotations ?? {};
  }
}

/** The access key whose role a RoleBinding gives; undefined if it is of another form than Writ's. */
export function accessKeyOf({ metadata, roleRef, subjects }: StoredBinding): AccessKey | undefined {
  const { name, namespace = '', labels, ownerReferences } = metadata;
  if (!name.startsWith(ACCESS_KEY_PREFIX) || labels?.[ACCESS_KEY_LABEL] !== 'true') return undefined;
  const role = roleRef.kind === 'ClusterRole' ? projectRoleOf(roleRef.name) : undefined;
  const [subject, ...others] = subjects ?? [];
  const owner = ownerReferences?.find((reference) => reference.kind === SERVICE_ACCOUNTS.kind);
  const isOwn =
    subject?.kind === SERVICE_ACCOUNTS.kind && subject.name === name && subject.namespace === namespace;
  if (!role || !isOwn || others.length > 0 || owner?.name !== name) return undefined;
  return new AccessKey(namespace, name.slice(ACCESS_KEY_PREFIX.length), role, owner.uid, metadata);
}

/** Whether a service account was made for an access key. */
export function isKeyAccount({ metadata }: StoredAccount): boolean {
  return metadata.labels?.[ACCESS_KEY_LABEL] === 'true';
}

interface KeyText {
  description: string | null | undefined;
  createdBy: string;
}

function metadataOf(namespace: string, name: string, { description, createdBy }: KeyText) {
  return {
    name: `${ACCESS_KEY_PREFIX}${name}`,
    namespace,
    labels: { ...MANAGED_BY_WRIT, [ACCESS_KEY_LABEL]: 'true' },
    annotations: { [REQUESTED_BY]: createdBy, ...(description && { [DESCRIPTION]: description }) },
  };
}

export function keyAccount(namespace: string, name: string, text: KeyText): ServiceAccount {
  return {
    apiVersion: apiVersionOf(SERVICE_ACCOUNTS),
    kind: SERVICE_ACCOUNTS.kind,
    metadata: metadataOf(namespace, name, text),
    automountServiceAccountToken: false,
  };
}

/** The UID of the account is a precondition. The token has the API server's own audience, and is valid until the account is deleted. */
export function keyTokenRequest(accountUid: string, expirationSeconds: number) {
  return {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { uid: accountUid },
    spec: { expirationSeconds },
  };
}

/** @param expiresAt when the token expires, as the cluster has said */
export function keyBinding(
  account: Pick<StoredAccount, 'metadata'>,
  name: string,
  clusterRole: string,
  expiresAt: string,
  text: KeyText,
): RoleBinding {
  const { name: accountName, namespace = '', uid } = account.metadata;
  const metadata = metadataOf(namespace, name, text);
  return {
    apiVersion: apiVersionOf(ROLE_BINDINGS),
    kind: ROLE_BINDINGS.kind,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [TOKEN_EXPIRES_AT]: expiresAt },
      ownerReferences: [
        { apiVersion: apiVersionOf(SERVICE_ACCOUNTS), kind: SERVICE_ACCOUNTS.kind, name: accountName, uid },
      ],
    },
    roleRef: { apiGroup: RBAC_API, kind: 'ClusterRole', name: clusterRole },
    subjects: [{ kind: SERVICE_ACCOUNTS.kind, namespace, name: accountName }],
  };
}

import { isDeepStrictEqual } from 'node:util';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import {
  type ObjectMeta,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  type Role,
  type RoleBinding,
  SECRETS,
  SERVICE_ACCOUNTS,
  type ServiceAccount,
  type Stored,
} from '../../kubernetes/resources.ts';
import { REQUEST_ID, REQUESTED_BY, SECRET_UID } from '../../model/labels-and-annotations.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import type { ControllerAct, ReconcileClient } from './reconcile-client.ts';

export type Manifest = { metadata?: ObjectMeta };

/** Whether two objects of a kind grant the same rights. Kinds that are not listed are never adopted. */
const SAME_RIGHTS = new Map<ResourceType, (stored: Manifest, built: Manifest) => boolean>([
  [SERVICE_ACCOUNTS, (stored, built) => isSameAccount(stored as ServiceAccount, built as ServiceAccount)],
  [ROLES, (stored, built) => isDeepStrictEqual((stored as Role).rules, (built as Role).rules)],
  [ROLE_BINDINGS, (stored, built) => isSameBinding(stored as RoleBinding, built as RoleBinding)],
]);

/** Whether a stored object grants what the one grants that would be created, so that it may take its place. */
export function isAdoptable(type: ResourceType, stored: Manifest, built: Manifest): boolean {
  const { deletionTimestamp, finalizers = [] } = stored.metadata ?? {};
  return (
    stored.metadata?.name === built.metadata?.name &&
    deletionTimestamp === undefined &&
    finalizers.length === 0 &&
    isDeepStrictEqual(stored.metadata?.ownerReferences, built.metadata?.ownerReferences) &&
    SAME_RIGHTS.get(type)?.(stored, built) === true
  );
}

const OWN_ANNOTATIONS = [REQUEST_ID, REQUESTED_BY, SECRET_UID];

/** Cloud providers grant rights by annotations of a service account. OpenShift adds annotations and pull secrets of its own. */
function isSameAccount(stored: ServiceAccount, built: ServiceAccount): boolean {
  const prefix = `${built.metadata?.name}-`;
  const keys = Object.keys(stored.metadata?.annotations ?? {});
  const secrets = [...(stored.secrets ?? []), ...(stored.imagePullSecrets ?? [])];
  return (
    stored.automountServiceAccountToken === false &&
    keys.every((key) => OWN_ANNOTATIONS.includes(key) || key.startsWith('openshift.io/')) &&
    secrets.every((secret) => secret.name?.startsWith(prefix))
  );
}

function isSameBinding(stored: RoleBinding, built: RoleBinding): boolean {
  const subjects = (stored.subjects ?? []).map(({ kind, name, namespace }) => ({ kind, name, namespace }));
  const isCoreGroup = (stored.subjects ?? []).every(({ apiGroup }) => !apiGroup);
  return (
    isDeepStrictEqual(stored.roleRef, built.roleRef) &&
    isCoreGroup &&
    isDeepStrictEqual(subjects, built.subjects)
  );
}

/** In the order of deletion. */
const LISTED = [ROLE_BINDINGS, ROLES, SERVICE_ACCOUNTS] as const;

/** An object of a run. */
export interface Child {
  type: ResourceType;
  object: { metadata: ObjectMeta & { name: string; uid: string } };
}

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The Secret of a run as the run's ServiceAccount tells it; undefined if that is of a version of Writ that did not note it.
 * A tenant could have written another UID: the Secret's deletion then fails.
 */
export function secretOf({ metadata }: Child['object']): Child | undefined {
  const uid = metadata.annotations?.[SECRET_UID] ?? '';
  if (!UID.test(uid)) return undefined;
  const { name, namespace, ownerReferences } = metadata;
  return {
    type: SECRETS,
    object: {
      metadata: { name, uid, ...(namespace && { namespace }), ...(ownerReferences && { ownerReferences }) },
    },
  };
}

/** The objects of a run except its Job, in the order of deletion. Objects that only have its name are left out. */
export async function findChildren(
  client: ReconcileClient,
  namespace: string,
  name: string,
): Promise<Child[]> {
  const children: Child[] = [];
  for (const type of LISTED) {
    const object = await client.find<Stored<Manifest>>(type, namespace, name);
    if (object && sessionOf(object.metadata)) children.push({ type, object });
  }
  return withSecret(children);
}

/** The children of a run with its Secret, which is deleted first: without it, the run's token is no longer valid. */
export function withSecret(children: Child[]): Child[] {
  const account = children.find(({ type }) => type === SERVICE_ACCOUNTS);
  const secret = account && secretOf(account.object);
  return secret ? [secret, ...children] : children;
}

/**
 * Deletes the children that still exist. After a failure it goes on with the others, except the ServiceAccount, which knows
 * the UID of a Secret that remains; then it throws the first error.
 */
export async function deleteChildren(
  client: ReconcileClient,
  act: ControllerAct,
  children: Child[],
): Promise<void> {
  const failures: unknown[] = [];
  for (const child of children) {
    if (child.type === SERVICE_ACCOUNTS && failures.length > 0) continue;
    await deleteChild(client, act, child).catch((error: unknown) => {
      if (!isGone(child, error)) failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * Whether there is nothing of the run to delete. What a policy does not let Writ delete is not an object of a run, although it
 * has the name and owner of one. Of a Secret only the UID is known: another one (409) is not the run's.
 */
function isGone({ type }: Child, error: unknown): boolean {
  if (!(error instanceof KubernetesError)) return false;
  return error.isNotFound || error.isDeniedByPolicy || (type === SECRETS && error.statusCode === 409);
}

/** Deletes the object if it is unchanged since it was read (UID, and resourceVersion if it was read). */
export async function deleteChild(
  client: ReconcileClient,
  act: ControllerAct,
  { type, object }: Child,
): Promise<void> {
  const { metadata } = object;
  const { name, namespace = '', uid, resourceVersion, deletionTimestamp } = metadata;
  if (deletionTimestamp) return;
  await client.delete({ act, type, namespace, name }, { uid, ...(resourceVersion && { resourceVersion }) });
}

import { isDeepStrictEqual } from 'node:util';
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
import { REQUEST_ID, REQUESTED_BY } from '../../model/labels-and-annotations.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import { nullIfNotOwned } from './not-owned.ts';
import type { ControllerAct, ReconcileClient } from './reconcile-client.ts';

export type Manifest = { metadata?: ObjectMeta };

/** Whether two objects of a kind grant the same rights. Kinds that are not listed are never adopted. */
const SAME_RIGHTS = new Map<ResourceType, (stored: Manifest, built: Manifest) => boolean>([
  [SERVICE_ACCOUNTS, (stored, built) => isSameAccount(stored as ServiceAccount, built as ServiceAccount)],
  [ROLES, (stored, built) => isDeepStrictEqual((stored as Role).rules, (built as Role).rules)],
  [ROLE_BINDINGS, (stored, built) => isSameBinding(stored as RoleBinding, built as RoleBinding)],
]);

/** Whether a stored object may be adopted in place of the one that would be created. */
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

const ORIGIN_ANNOTATIONS = [REQUEST_ID, REQUESTED_BY];

/** Cloud providers grant rights by annotations of a service account. OpenShift adds annotations and pull secrets of its own. */
function isSameAccount(stored: ServiceAccount, built: ServiceAccount): boolean {
  const prefix = `${built.metadata?.name}-`;
  const keys = Object.keys(stored.metadata?.annotations ?? {});
  const secrets = [...(stored.secrets ?? []), ...(stored.imagePullSecrets ?? [])];
  return (
    stored.automountServiceAccountToken === false &&
    keys.every((key) => ORIGIN_ANNOTATIONS.includes(key) || key.startsWith('openshift.io/')) &&
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

/** In the order of deletion. The Secret is first: without it, the run's token is no longer valid. */
const CHILDREN = [SECRETS, ROLE_BINDINGS, ROLES, SERVICE_ACCOUNTS] as const;

/** An object of a run. */
export interface Child {
  type: ResourceType;
  object: Stored<Manifest>;
}

/** The objects of a run except its Job, in the order of deletion. Objects that only have its name are left out. */
export async function findChildren(
  client: ReconcileClient,
  namespace: string,
  name: string,
): Promise<Child[]> {
  const children: Child[] = [];
  for (const type of CHILDREN) {
    const object =
      type === SECRETS
        ? await client.findSecret(namespace, name).catch(nullIfNotOwned)
        : await client.find<Stored<Manifest>>(type, namespace, name);
    if (object && sessionOf(object.metadata)) children.push({ type, object });
  }
  return children;
}

/** Deletes the object if it is unchanged since it was read (UID and resourceVersion). */
export async function deleteChild(
  client: ReconcileClient,
  act: ControllerAct,
  { type, object }: Child,
): Promise<void> {
  const { metadata } = object;
  const { name, namespace = '', uid, resourceVersion, deletionTimestamp } = metadata;
  if (deletionTimestamp) return;
  await client.delete({ act, type, namespace, name }, { uid, resourceVersion });
}

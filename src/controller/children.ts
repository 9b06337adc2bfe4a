import { isDeepStrictEqual } from 'node:util';
import { KubernetesError } from '../errors.ts';
import {
  type ObjectMeta,
  REQUEST_ID,
  REQUESTED_BY,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  type Role,
  type RoleBinding,
  SECRETS,
  SERVICE_ACCOUNTS,
  type ServiceAccount,
  type Stored,
} from '../kubernetes/resources.ts';
import { sessionOf } from '../sessions/run/run-objects.ts';
import type { ControllerAct, Turn } from './controller-cluster.ts';

type Manifest = { metadata?: ObjectMeta };

/** Something has the name of an object of a run and is not that object. Nothing is made on top of it. */
export class ForeignChild extends Error {
  readonly kind: string;

  constructor(kind: string) {
    super(`there is a ${kind} with the run's name that is not the run's`);
    this.name = 'ForeignChild';
    this.kind = kind;
  }
}

/**
 * What of each kind gives rights, and so must be exactly as it would be made. A Secret is never taken up but made
 * anew: what is in it can't be read, and whoever holds its token could use it.
 */
const SAME_RIGHTS = new Map<ResourceType, (stored: Manifest, built: Manifest) => boolean>([
  [SERVICE_ACCOUNTS, (stored, built) => isSameAccount(stored as ServiceAccount, built as ServiceAccount)],
  [ROLES, (stored, built) => isDeepStrictEqual((stored as Role).rules, (built as Role).rules)],
  [ROLE_BINDINGS, (stored, built) => isSameBinding(stored as RoleBinding, built as RoleBinding)],
]);

/** Whether a stored object of that name is as good as the one that would be made. */
export function isAsBuilt(type: ResourceType, stored: Manifest, built: Manifest): boolean {
  const { deletionTimestamp, finalizers = [] } = stored.metadata ?? {};
  return (
    stored.metadata?.name === built.metadata?.name &&
    deletionTimestamp === undefined &&
    finalizers.length === 0 &&
    isDeepStrictEqual(stored.metadata?.ownerReferences, built.metadata?.ownerReferences) &&
    SAME_RIGHTS.get(type)?.(stored, built) === true
  );
}

const OF_ORIGIN = [REQUEST_ID, REQUESTED_BY];

/** Clouds give a service account rights by its annotations; OpenShift adds pull secrets and says so. */
function isSameAccount(stored: ServiceAccount, built: ServiceAccount): boolean {
  const name = `${built.metadata?.name}-`;
  const keys = Object.keys(stored.metadata?.annotations ?? {});
  const secrets = [...(stored.secrets ?? []), ...(stored.imagePullSecrets ?? [])];
  return (
    stored.automountServiceAccountToken === false &&
    keys.every((key) => OF_ORIGIN.includes(key) || key.startsWith('openshift.io/')) &&
    secrets.every((secret) => secret.name?.startsWith(name))
  );
}

function isSameBinding(stored: RoleBinding, built: RoleBinding): boolean {
  const subjects = (stored.subjects ?? []).map(({ kind, name, namespace }) => ({ kind, name, namespace }));
  const groups = (stored.subjects ?? []).every(({ apiGroup }) => !apiGroup);
  return (
    isDeepStrictEqual(stored.roleRef, built.roleRef) && groups && isDeepStrictEqual(subjects, built.subjects)
  );
}

/** In the order in which they go: the Secret first, since with it the run's token ends. */
const CHILDREN = [SECRETS, ROLE_BINDINGS, ROLES, SERVICE_ACCOUNTS] as const;

export interface Child {
  type: ResourceType;
  object: Stored<Manifest>;
}

/** The policy writ-runs refuses to touch a Secret that is not a run's. */
export function unlessForeign(error: unknown): null {
  if (error instanceof KubernetesError && error.statusCode === 403) return null;
  throw error;
}

/** What there is of a run beside its Job, in the order in which it should go. */
export async function findChildren(turn: Turn, namespace: string, name: string): Promise<Child[]> {
  const children: Child[] = [];
  for (const type of CHILDREN) {
    const object =
      type === SECRETS
        ? await turn.findSecret(namespace, name).catch(unlessForeign)
        : await turn.find<Stored<Manifest>>(type, namespace, name);
    if (object) children.push({ type, object });
  }
  return children;
}

/** With the very UID and resourceVersion that were looked at. It does nothing to what is not a run's. */
export async function deleteChild(turn: Turn, act: ControllerAct, { type, object }: Child): Promise<void> {
  const { metadata } = object;
  const { name, namespace = '', uid, resourceVersion, deletionTimestamp } = metadata;
  if (!sessionOf(metadata) || deletionTimestamp) return;
  await turn.delete({ act, type, namespace, name }, { uid, resourceVersion });
}

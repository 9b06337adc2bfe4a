import {
  JOBS,
  type ObjectMeta,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICE_ACCOUNTS,
} from '../kubernetes/resources.ts';

/** The session that a Writ was issued for, as the cluster answered when it was created. */
export interface ReviewedSession {
  namespace: string;
  name: string;
  uid: string;
}

const RUN_RESOURCES: readonly ResourceType[] = [SECRETS, SERVICE_ACCOUNTS, ROLES, ROLE_BINDINGS, JOBS];

/**
 * Throws unless the manifest is an object of the session's run: of a kind that runs have, in the session's
 * namespace, with the session's UID in its name, and controlled by the session alone. So it is deleted with it.
 */
export function assertRunObject(
  type: ResourceType,
  manifest: { metadata?: ObjectMeta },
  session: ReviewedSession,
): void {
  const { namespace, name, ownerReferences } = manifest.metadata ?? {};
  const owner = ownerReferences?.[0];
  const isChild =
    RUN_RESOURCES.includes(type) &&
    namespace === session.namespace &&
    name?.includes(session.uid) === true &&
    ownerReferences?.length === 1 &&
    owner?.uid === session.uid &&
    owner.name === session.name &&
    owner.controller === true &&
    owner.blockOwnerDeletion === undefined;
  if (!isChild) throw new TypeError(`not an object of the session's run: ${type.kind} ${name}`);
}

import { isDeepStrictEqual } from 'node:util';
import {
  apiVersionOf,
  JOBS,
  type Job,
  type ObjectMeta,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  type Role,
  type RoleBinding,
  SECRETS,
  SERVICE_ACCOUNTS,
} from '../kubernetes/resources.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';
import type { ReviewedSession } from './reviewed-session.ts';

type Manifest = { metadata?: ObjectMeta };

/** The types of a run's objects, each with its own rule. All must also be children of the session. */
const RUN_RESOURCES = new Map<ResourceType, (manifest: Manifest, session: ReviewedSession) => boolean>([
  [SECRETS, () => true],
  [SERVICE_ACCOUNTS, () => true],
  [ROLES, (manifest, session) => isDeepStrictEqual((manifest as Role).rules, runnerRules(session.name))],
  [ROLE_BINDINGS, (manifest, session) => bindsItsOwn(manifest as RoleBinding, session)],
  [JOBS, (manifest) => (manifest as Job).spec?.template.spec?.serviceAccountName === manifest.metadata?.name],
]);

/** A runner may read and patch its own session's status, and nothing else. */
function runnerRules(sessionName: string): NonNullable<Role['rules']> {
  const apiGroups = [AGENTIC_SESSIONS.group];
  const resources = [`${AGENTIC_SESSIONS.resource}/status`];
  return [{ apiGroups, resources, resourceNames: [sessionName], verbs: ['get', 'patch'] }];
}

/**
 * Throws a TypeError unless the manifest is an object of the session's run: of a type that runs have, in the session's
 * namespace, with the session's UID in its name, owned by the session alone so that it is deleted with the session, and
 * granting no permissions but the runner's, and only to the run's service account. It deliberately shares no code with
 * the builder of runs: a mistake there must not pass here.
 */
export function assertRunObject(type: ResourceType, manifest: Manifest, session: ReviewedSession): void {
  const isOfRun = RUN_RESOURCES.get(type);
  if (isOfRun?.(manifest, session) && isChild(manifest.metadata ?? {}, session)) return;
  throw new TypeError(`not an object of the session's run: ${type.kind} ${manifest.metadata?.name}`);
}

function isChild(metadata: ObjectMeta, session: ReviewedSession): boolean {
  const { namespace, name, ownerReferences, finalizers } = metadata;
  const owner = {
    apiVersion: apiVersionOf(AGENTIC_SESSIONS),
    kind: AGENTIC_SESSIONS.kind,
    name: session.name,
    uid: session.uid,
    controller: true,
  };
  return (
    namespace === session.namespace &&
    name?.includes(session.uid) === true &&
    finalizers === undefined &&
    isDeepStrictEqual(ownerReferences, [owner])
  );
}

function bindsItsOwn({ metadata, roleRef, subjects }: RoleBinding, { namespace }: ReviewedSession): boolean {
  const name = metadata?.name;
  return (
    isDeepStrictEqual(roleRef, { apiGroup: ROLES.group, kind: ROLES.kind, name }) &&
    isDeepStrictEqual(subjects, [{ kind: SERVICE_ACCOUNTS.kind, name, namespace }])
  );
}

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
  type Secret,
  type ServiceAccount,
} from '../kubernetes/resources.ts';
import { REQUEST_ID, REQUESTED_BY, SECRET_UID } from '../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';
import type { ReviewedSession } from './reviewed-session.ts';

type Manifest = { metadata?: ObjectMeta };

type Rule = (manifest: Manifest, session: ReviewedSession, secretUid: string | undefined) => boolean;

/** The types of a run's objects, each with its own rule. All must also be children of the session. */
const RUN_RESOURCES = new Map<ResourceType, Rule>([
  [SECRETS, (manifest) => isEmptySecret(manifest as Secret)],
  [SERVICE_ACCOUNTS, (manifest, _, secretUid) => isPlainAccount(manifest as ServiceAccount, secretUid)],
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

const ORIGIN = [REQUEST_ID, REQUESTED_BY];

/** The token is stored later. Other controllers act on annotations of Secrets, and Kubernetes fills some types. */
function isEmptySecret({ metadata, type, ...secret }: Secret): boolean {
  const annotations = Object.keys(metadata?.annotations ?? {});
  return (
    type === 'Opaque' &&
    annotations.every((key) => ORIGIN.includes(key)) &&
    !('data' in secret) &&
    !('stringData' in secret)
  );
}

/** Clouds grant roles by annotations of service accounts. */
function isPlainAccount({ metadata, ...account }: ServiceAccount, secretUid: string | undefined): boolean {
  const { [SECRET_UID]: uid, ...annotations } = metadata?.annotations ?? {};
  return (
    uid !== undefined &&
    uid === secretUid &&
    Object.keys(annotations).every((key) => ORIGIN.includes(key)) &&
    account.automountServiceAccountToken === false &&
    account.secrets === undefined &&
    account.imagePullSecrets === undefined
  );
}

/**
 * Throws a TypeError unless the manifest is an object of the session's run: of a type that runs have, in the session's
 * namespace, with the session's UID in its name, owned by the session alone so that it is deleted with the session, and
 * granting no permissions but the runner's, and only to the run's service account. It deliberately shares no code with
 * the builder of runs: a mistake there must not pass here.
 *
 * @param secretUid the UID of the Secret with the manifest's name, if the same Writ has created it
 */
export function assertRunObject(
  type: ResourceType,
  manifest: Manifest,
  session: ReviewedSession,
  secretUid: string | undefined,
): void {
  const isOfRun = RUN_RESOURCES.get(type);
  if (isOfRun?.(manifest, session, secretUid) && isChild(manifest.metadata ?? {}, session)) return;
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

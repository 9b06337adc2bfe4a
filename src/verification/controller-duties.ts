import { actOf, sessionUidOf } from './api-grants.ts';
import type { AuditedCall } from './audit-event.ts';

/* What the controller may do, from the documentation of its duties. No request of a user is behind it. */

const SESSIONS = 'vteam.ambient-code/agenticsessions';
const RBAC = 'rbac.authorization.k8s.io';
const CHILDREN = ['/secrets', '/serviceaccounts', `${RBAC}/roles`, `${RBAC}/rolebindings`, 'batch/jobs'];

/** In all namespaces. */
const WATCHED = [
  '/namespaces',
  '/pods',
  'batch/jobs',
  'batch/cronjobs',
  SESSIONS,
  'vteam.ambient-code/projectsettings',
].flatMap((resource) => [`list ${resource}`, `watch ${resource}`]);

/** In a project, of any name. */
const IN_PROJECTS = new Set([
  ...WATCHED,
  `get ${SESSIONS}`,
  `patch ${SESSIONS}`,
  `patch ${SESSIONS}/status`,
  'patch batch/cronjobs',
  'list /events',
  'create /events',
  'create authorization.k8s.io/localsubjectaccessreviews',
  ...['/serviceaccounts', `${RBAC}/roles`, `${RBAC}/rolebindings`].flatMap((resource) => [
    `get ${resource}`,
    `list ${resource}`,
  ]),
]);

/** Of objects that are named after a session's UID. */
const OF_RUNS = new Set([
  ...CHILDREN.flatMap((resource) => [`create ${resource}`, `delete ${resource}`]),
  'create /serviceaccounts/token',
  'patch /secrets',
]);

/** Without a namespace: questions about itself, and whether the server is there. */
const ABOUT_ITSELF = new Set([
  'create authorization.k8s.io/selfsubjectaccessreviews',
  'create authentication.k8s.io/selfsubjectreviews',
]);
const LEASE = new Set(['get', 'create', 'update'].map((verb) => `${verb} coordination.k8s.io/leases`));
/** What the API server has refused before it has read the object has no name in the log. */
const isRefused = ({ name, status }: AuditedCall) => name === '' && status >= 400;
const PATHS = new Set(['/version', '/readyz']);

/** Why a call is none of the controller's duties; undefined if it is one. */
export function notADuty(call: AuditedCall, writNamespace: string): string | undefined {
  const act = actOf(call);
  if (call.resource === '')
    return PATHS.has(call.path.split('?')[0] ?? '') ? undefined : 'no duty needs this path';
  if (call.namespace === '') {
    return WATCHED.includes(act) || ABOUT_ITSELF.has(act) ? undefined : 'no duty does this in all namespaces';
  }
  if (call.namespace === writNamespace) {
    const isLease = LEASE.has(act) && (call.name === 'writ-controller' || isRefused(call));
    const isKey = act === 'create /secrets' && (call.name === 'writ-key' || isRefused(call));
    return isLease || isKey ? undefined : "in Writ's own namespace it has only its lease and the shared key";
  }
  if (OF_RUNS.has(act)) {
    return sessionUidOf(call) || isRefused(call) ? undefined : 'the object is not named after a session';
  }
  return IN_PROJECTS.has(act) ? undefined : 'no duty does this';
}

/**
 * Whether the call creates or deletes a part of a run, which the controller does only after it has read what the run belongs to,
 * in the same pass.
 */
export function needsReads(call: AuditedCall, writNamespace: string): boolean {
  return OF_RUNS.has(actOf(call)) && !call.isDryRun && call.namespace !== writNamespace;
}

/** Whether a read tells what a later call needs: the session or, for what exists already, the run itself. */
export function entitles(read: AuditedCall, call: AuditedCall): boolean {
  if (read.namespace !== '' && read.namespace !== call.namespace) return false;
  const isNew = call.verb === 'create' && call.subresource === '';
  return readsSessions(read) || (!isNew && OWN_READS.has(actOf(read)));
}

/** Reads of the parts of runs. */
const OWN_READS = new Set(CHILDREN.flatMap((resource) => [`get ${resource}`, `list ${resource}`]));

export function readsSessions(call: AuditedCall): boolean {
  return [`get ${SESSIONS}`, `list ${SESSIONS}`].includes(actOf(call));
}

import type { AuditedCall, ReviewedAttributes } from './audit-event.ts';

/*
 * What the API's identity may do after which review, from the documentation of Writ's guard. It is written down here a second
 * time on purpose: an error in the code that acts must not be able to hide in the code that checks.
 */

const SESSIONS = 'vteam.ambient-code/agenticsessions';
const RBAC = 'rbac.authorization.k8s.io';
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const RUN = new RegExp(`^session-(${UUID})-[1-9]\\d{0,8}$`);
const SCHEDULE_ACCOUNT = new RegExp(`^schedule-${UUID}$`);

/** The objects of a run, which are named after the session's UID. */
const RUN_WRITES = [
  'create /secrets',
  'create /serviceaccounts',
  `create ${RBAC}/roles`,
  `create ${RBAC}/rolebindings`,
  'create /serviceaccounts/token',
  'patch /secrets',
  'create batch/jobs',
];
const SCHEDULE_ACCOUNT_WRITES = [
  'create /serviceaccounts',
  `create ${RBAC}/roles`,
  `create ${RBAC}/rolebindings`,
];

/**
 * Whether a write is one that the review of these attributes permits.
 *
 * @param earlier the writes of the same request before it that succeeded
 */
type Permits = (write: AuditedCall, reviewed: ReviewedAttributes, earlier: readonly AuditedCall[]) => boolean;

interface Row {
  /** Whose rights were reviewed: the caller's, or those of the owner of the schedule that calls. */
  of: readonly ReviewedUser[];
  /** `VERB GROUP/RESOURCE`. */
  review: string;
  /** Whether the review has to name an object. */
  named: boolean;
  permits: Permits;
}

/** Whose rights a review is about. */
export type ReviewedUser = 'caller' | 'owner';

const CALLER = ['caller'] as const;
const BOTH = ['caller', 'owner'] as const;

const inNamespace = (write: AuditedCall, { namespace }: ReviewedAttributes) =>
  namespace !== '' && write.namespace === namespace;
const isDoneBefore = (
  earlier: readonly AuditedCall[],
  act: string,
  { namespace, name }: Pick<AuditedCall, 'namespace' | 'name'>,
) => earlier.some((each) => actOf(each) === act && each.namespace === namespace && each.name === name);
/** What the API server has refused before it has read the object has no name in the log. */
const hasName = ({ name, status }: AuditedCall, pattern: RegExp) =>
  pattern.test(name) || (name === '' && status >= 400);
/** After a write of the session; a token is minted and stored for what the same request has created. */
const isRunObject: Permits = (write, reviewed, earlier) => {
  const act = actOf(write);
  if (!inNamespace(write, reviewed) || !RUN_WRITES.includes(act) || !hasName(write, RUN)) return false;
  if (act === 'create /serviceaccounts/token') return isDoneBefore(earlier, 'create /serviceaccounts', write);
  if (act === 'patch /secrets') return isDoneBefore(earlier, 'create /secrets', write);
  return earlier.some((each) => each.namespace === write.namespace && isOfSession(each));
};
/** A name that the cluster has generated is not in the log. */
const isOfNewSession = ({ namespace, name }: AuditedCall, earlier: readonly AuditedCall[]) =>
  earlier.some(
    (each) =>
      actOf(each) === `create ${SESSIONS}` &&
      each.namespace === namespace &&
      (each.name === name || each.name === ''),
  );
const isOfSession = (call: AuditedCall) => [`create ${SESSIONS}`, `patch ${SESSIONS}`].includes(actOf(call));
/** The log has the name of a namespace as its namespace too. */
const isNamespace = (write: AuditedCall, name: string) =>
  write.resource === 'namespaces' &&
  write.subresource === '' &&
  name !== '' &&
  write.name === name &&
  ['', name].includes(write.namespace);

const ROWS: Row[] = [
  // createSession, cloneSession, triggerScheduledSession, and the ticks of schedules.
  {
    review: `create ${SESSIONS}`,
    named: false,
    of: BOTH,
    permits: (write, reviewed, earlier) =>
      isRunObject(write, reviewed, earlier) ||
      (inNamespace(write, reviewed) &&
        (actOf(write) === `create ${SESSIONS}` ||
          (actOf(write) === `patch ${SESSIONS}/status` && isOfNewSession(write, earlier)))),
  },
  // createScheduledSession, and what changes and deletes schedules.
  {
    review: `create ${SESSIONS}`,
    named: false,
    of: CALLER,
    permits: (write, reviewed) =>
      inNamespace(write, reviewed) &&
      (['create batch/cronjobs', 'patch batch/cronjobs', 'delete batch/cronjobs'].includes(actOf(write)) ||
        (SCHEDULE_ACCOUNT_WRITES.includes(actOf(write)) && hasName(write, SCHEDULE_ACCOUNT))),
  },
  // A tick that replaces a session.
  {
    review: `update ${SESSIONS}`,
    named: true,
    of: ['owner'],
    permits: (write, reviewed) =>
      inNamespace(write, reviewed) && write.name === reviewed.name && actOf(write) === `patch ${SESSIONS}`,
  },
  // startSession and stopSession.
  {
    review: `update ${SESSIONS}`,
    named: true,
    of: CALLER,
    permits: (write, reviewed, earlier) => {
      if (!inNamespace(write, reviewed)) return false;
      const act = actOf(write);
      if ([`patch ${SESSIONS}`, `patch ${SESSIONS}/status`].includes(act))
        return write.name === reviewed.name;
      const isRequested = isDoneBefore(earlier, `patch ${SESSIONS}`, reviewed);
      if (act === 'delete batch/jobs') return isRequested && RUN.test(write.name);
      return isRequested && isRunObject(write, reviewed, earlier);
    },
  },
  // createProject: the namespace, the bindings in it, and if it cannot be completed its removal.
  {
    review: 'create project.openshift.io/projectrequests',
    named: false,
    of: CALLER,
    permits: (write, _, earlier) => {
      const act = actOf(write);
      if (act === 'create /namespaces') return ['', write.name].includes(write.namespace);
      const project = act === 'delete /namespaces' ? write.name : write.namespace;
      const isCreated = earlier.some((each) => actOf(each) === 'create /namespaces' && each.name === project);
      return isCreated && ['delete /namespaces', `create ${RBAC}/rolebindings`].includes(act);
    },
  },
  // updateProject.
  {
    review: 'update vteam.ambient-code/projectsettings',
    named: false,
    of: CALLER,
    permits: (write, { namespace }) => write.verb === 'patch' && isNamespace(write, namespace),
  },
  // deleteProject. The review of a namespace has its name as the namespace too.
  {
    review: 'delete /namespaces',
    named: true,
    of: CALLER,
    permits: (write, { name, namespace }) =>
      write.verb === 'delete' && name === namespace && isNamespace(write, name),
  },
];

/** Whether any review could permit this write. */
export function isOfGrants(write: AuditedCall): boolean {
  return GRANTED.has(actOf(write));
}

/** Whether a review of these attributes permits the write. */
export function permits(
  of: ReviewedUser,
  reviewed: ReviewedAttributes,
  write: AuditedCall,
  earlier: readonly AuditedCall[],
): boolean {
  const { verb, group, resource, subresource, name } = reviewed;
  const review = `${verb} ${group}/${resource}${subresource && `/${subresource}`}`;
  return ROWS.some(
    (row) =>
      row.of.includes(of) &&
      row.review === review &&
      row.named === (name !== '') &&
      row.permits(write, reviewed, earlier),
  );
}

const GRANTED = new Set([
  ...RUN_WRITES,
  `create ${SESSIONS}`,
  `patch ${SESSIONS}`,
  `patch ${SESSIONS}/status`,
  'delete batch/jobs',
  'create batch/cronjobs',
  'patch batch/cronjobs',
  'delete batch/cronjobs',
  'create /namespaces',
  'patch /namespaces',
  'delete /namespaces',
]);

/** For example `create /serviceaccounts/token`. */
export function actOf({ verb, group, resource, subresource }: AuditedCall): string {
  return `${verb} ${group}/${resource}${subresource && `/${subresource}`}`;
}

/** The UID of the session that an object of a run is named after. */
export function sessionUidOf({ name }: AuditedCall): string | undefined {
  return RUN.exec(name)?.[1];
}

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
  /** `VERB GROUP/RESOURCE`. */
  review: string;
  /** Whether the review has to name an object. */
  named: boolean;
  permits: Permits;
}

const inNamespace = (write: AuditedCall, { namespace }: ReviewedAttributes) =>
  namespace !== '' && write.namespace === namespace;
const isRunObject = (write: AuditedCall, reviewed: ReviewedAttributes) =>
  inNamespace(write, reviewed) && RUN_WRITES.includes(actOf(write)) && RUN.test(write.name);
const isNamespace = (write: AuditedCall, name: string) =>
  write.resource === 'namespaces' && write.subresource === '' && name !== '' && write.name === name;

const ROWS: Row[] = [
  // createSession, cloneSession, triggerScheduledSession, and the ticks of schedules.
  {
    review: `create ${SESSIONS}`,
    named: false,
    permits: (write, reviewed) =>
      isRunObject(write, reviewed) ||
      (inNamespace(write, reviewed) &&
        [`create ${SESSIONS}`, `patch ${SESSIONS}/status`].includes(actOf(write))),
  },
  // createScheduledSession, and what changes and deletes schedules.
  {
    review: `create ${SESSIONS}`,
    named: false,
    permits: (write, reviewed) =>
      inNamespace(write, reviewed) &&
      (['create batch/cronjobs', 'patch batch/cronjobs', 'delete batch/cronjobs'].includes(actOf(write)) ||
        (SCHEDULE_ACCOUNT_WRITES.includes(actOf(write)) && SCHEDULE_ACCOUNT.test(write.name))),
  },
  // startSession, stopSession, and a tick that replaces a session.
  {
    review: `update ${SESSIONS}`,
    named: true,
    permits: (write, reviewed) =>
      isRunObject(write, reviewed) ||
      (inNamespace(write, reviewed) &&
        write.name === reviewed.name &&
        [`patch ${SESSIONS}`, `patch ${SESSIONS}/status`].includes(actOf(write))) ||
      (inNamespace(write, reviewed) && actOf(write) === 'delete batch/jobs' && RUN.test(write.name)),
  },
  // createProject: the namespace, the bindings in it, and if it cannot be completed its removal.
  {
    review: 'create project.openshift.io/projectrequests',
    named: false,
    permits: (write, _, earlier) => {
      const act = actOf(write);
      if (act === 'create /namespaces') return true;
      const project = act === 'delete /namespaces' ? write.name : write.namespace;
      const isCreated = earlier.some((each) => actOf(each) === 'create /namespaces' && each.name === project);
      return isCreated && ['delete /namespaces', `create ${RBAC}/rolebindings`].includes(act);
    },
  },
  // updateProject.
  {
    review: 'update vteam.ambient-code/projectsettings',
    named: false,
    permits: (write, { namespace }) => write.verb === 'patch' && isNamespace(write, namespace),
  },
  // deleteProject. The review of a namespace has its name as the namespace too.
  {
    review: 'delete /namespaces',
    named: true,
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
  reviewed: ReviewedAttributes,
  write: AuditedCall,
  earlier: readonly AuditedCall[],
): boolean {
  const { verb, group, resource, subresource, name } = reviewed;
  const review = `${verb} ${group}/${resource}${subresource && `/${subresource}`}`;
  return ROWS.some(
    (row) => row.review === review && row.named === (name !== '') && row.permits(write, reviewed, earlier),
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

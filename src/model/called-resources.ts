import * as kubernetes from '../kubernetes/resources.ts';
import { OPENSHIFT_PROJECTS } from './openshift-project.ts';
import { PROJECT_SETTINGS } from './project.ts';
import { AGENTIC_SESSIONS } from './session.ts';

const TYPES = [
  kubernetes.JOBS,
  kubernetes.CRON_JOBS,
  kubernetes.PODS,
  kubernetes.EVENTS,
  kubernetes.SECRETS,
  kubernetes.SERVICE_ACCOUNTS,
  kubernetes.ROLES,
  kubernetes.ROLE_BINDINGS,
  kubernetes.LEASES,
  kubernetes.NAMESPACES,
  kubernetes.SELF_SUBJECT_REVIEWS,
  kubernetes.SELF_SUBJECT_ACCESS_REVIEWS,
  kubernetes.SELF_SUBJECT_RULES_REVIEWS,
  kubernetes.LOCAL_SUBJECT_ACCESS_REVIEWS,
  OPENSHIFT_PROJECTS,
  PROJECT_SETTINGS,
  AGENTIC_SESSIONS,
];

/** All resources that Writ calls, by their plural names, with their subresources; discovery and the version too. */
export const CALLED_RESOURCES: ReadonlySet<string> = new Set([
  ...TYPES.map(({ resource }) => resource),
  'pods/log',
  `${AGENTIC_SESSIONS.resource}/status`,
  'serviceaccounts/token',
  'apiresources',
  'version',
]);

import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { NAMESPACES } from '../kubernetes/resources.ts';
import { PROJECT_REQUESTS } from '../model/openshift-project.ts';
import { PROJECT_SETTINGS } from '../model/project.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';

/** The privileged writes. Each is a method of the Writ, and there is no other way to perform it. */
export type Act =
  | 'createSession'
  | 'setDesiredPhase'
  | 'stopScheduled'
  | 'updateSessionStatus'
  | 'createRunObject'
  | 'mintRunToken'
  | 'storeRunToken'
  | 'deleteJob'
  | 'createNamespace'
  | 'createProjectBinding'
  | 'removeCreatedNamespace'
  | 'updateNamespace'
  | 'deleteNamespace'
  | 'createSchedule'
  | 'createScheduleObject'
  | 'updateSchedule'
  | 'suspendSchedule'
  | 'deleteSchedule';

/**
 * What a mutation writes: an existing session or schedule, or without a name a new session in the namespace, or the project of
 * that namespace itself.
 */
export interface Target {
  namespace: string;
  name?: string;
}

interface Grant {
  /** Whose rights are reviewed: the caller's, with their own token, or those of the owner of the schedule that calls. */
  of: 'caller' | 'owner';
  /** The attributes that are reviewed. */
  review(target: Target): ResourceAttributes;
  /** The acts that the review permits, on the named object and its children. */
  acts: readonly Act[];
}

const { group, resource } = AGENTIC_SESSIONS;
const RUN_ACTS = ['updateSessionStatus', 'createRunObject', 'mintRunToken', 'storeRunToken'] as const;

function grant(review: Grant['review'], acts: readonly Act[], of: Grant['of'] = 'caller'): Readonly<Grant> {
  return Object.freeze({ of, review, acts: Object.freeze([...acts]) });
}

function createAttributes({ namespace }: Target): ResourceAttributes {
  return { verb: 'create', group, resource, namespace };
}

function updateAttributes({ namespace, name }: Target): ResourceAttributes {
  if (name === undefined) throw new TypeError('an update needs the name of a session');
  return { verb: 'update', group, resource, namespace, name };
}

/** Of a self-provisioner, on any cluster: https://docs.openshift.com/container-platform/latest/applications/projects/configuring-project-creation.html */
function provisionAttributes(): ResourceAttributes {
  return { verb: 'create', group: PROJECT_REQUESTS.group, resource: PROJECT_REQUESTS.resource };
}

function updateSettingsAttributes({ namespace }: Target): ResourceAttributes {
  return { verb: 'update', group: PROJECT_SETTINGS.group, resource: PROJECT_SETTINGS.resource, namespace };
}

function deleteNamespaceAttributes({ namespace }: Target): ResourceAttributes {
  return {
    verb: 'delete',
    group: NAMESPACES.group,
    resource: NAMESPACES.resource,
    namespace,
    name: namespace,
  };
}

/** The privileged mutations. A mutation without a row gets no Writ, and so cannot perform a privileged act. */
export const GRANTS = Object.freeze({
  createSession: grant(createAttributes, ['createSession', ...RUN_ACTS]),
  /** The source is read as the user; the review is of the new session's namespace. */
  cloneSession: grant(createAttributes, ['createSession', ...RUN_ACTS]),
  startSession: grant(updateAttributes, ['setDesiredPhase', ...RUN_ACTS]),
  stopSession: grant(updateAttributes, ['setDesiredPhase', 'deleteJob', 'updateSessionStatus']),
  createProject: grant(provisionAttributes, [
    'createNamespace',
    'createProjectBinding',
    'removeCreatedNamespace',
  ]),
  updateProject: grant(updateSettingsAttributes, ['updateNamespace']),
  deleteProject: grant(deleteNamespaceAttributes, ['deleteNamespace']),
  /**
   * A schedule creates sessions in the name of its last editor, who must be allowed to create them: any of them, so without a
   * name. Who may create sessions may also end what creates them, as the owner of a schedule must be able to do.
   */
  createScheduledSession: grant(createAttributes, [
    'createSchedule',
    'createScheduleObject',
    'updateSchedule',
    'deleteSchedule',
  ]),
  updateScheduledSession: grant(createAttributes, ['updateSchedule']),
  resumeScheduledSession: grant(createAttributes, ['updateSchedule']),
  suspendScheduledSession: grant(createAttributes, ['suspendSchedule']),
  deleteScheduledSession: grant(createAttributes, ['deleteSchedule']),
  /** Creates a session at once, in the name of the caller. */
  triggerScheduledSession: grant(createAttributes, ['createSession', ...RUN_ACTS]),
  /** A tick of a schedule. */
  runScheduledSession: grant(createAttributes, ['createSession', ...RUN_ACTS], 'owner'),
  /** Stops a session of the schedule, which the tick's takes the place of. The controller ends its run. */
  replaceScheduledSession: grant(updateAttributes, ['stopScheduled'], 'owner'),
});

export type GrantName = keyof typeof GRANTS;
export type CallerGrantName = Exclude<GrantName, OwnerGrantName>;
export type OwnerGrantName = Extract<GrantName, 'runScheduledSession' | 'replaceScheduledSession'>;

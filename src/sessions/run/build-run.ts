import type { ObjectMeta, Role, RoleBinding, Secret, ServiceAccount } from '../../kubernetes/resources.ts';
import {
  MANAGED_BY_WRIT,
  REQUEST_ID,
  REQUESTED_BY,
  SESSION_UID_LABEL,
} from '../../model/labels-and-annotations.ts';
import type { RunTemplate } from '../../model/run-template.ts';
import { tokenSeconds } from '../../model/run-token.ts';
import { AGENTIC_SESSIONS } from '../../model/session.ts';
import { buildJob, type JobManifest } from './build-job.ts';
import type { RunnableSession } from './read-stored-session.ts';
import { ownerReferenceTo, runName } from './run-objects.ts';
import { assertNotTooLarge } from './run-too-large.ts';

/** The objects of a run, in the order in which they are created. Each has the session as its only owner. */
export interface RunManifests {
  secret: Secret & { metadata: { name: string } };
  serviceAccount: ServiceAccount & { metadata: { name: string } };
  role: Role;
  roleBinding: RoleBinding;
  job: JobManifest;
  /** The requested lifetime of the runner's token. */
  tokenExpirationSeconds: number;
}

/** Where a run comes from: a user's request, or a pass of the controller. */
interface RunOrigin {
  requestId: string;
  /** Absent if the controller creates the run. */
  requestedBy?: string;
}

/**
 * Deterministic: the controller adopts an object of a run only if it grants the same rights as the one built here.
 * BAD_USER_INPUT if the Job or its environment is too large, CONFLICT if there is no number left.
 */
export function buildRun(
  session: RunnableSession,
  number: number,
  template: RunTemplate,
  origin: RunOrigin,
): RunManifests {
  const name = runName(session.uid, number);
  const metadata = metadataOf(session, name, origin);
  const job = buildJob(session, metadata, template);
  assertNotTooLarge(job);
  return {
    secret: { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque' },
    serviceAccount: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      automountServiceAccountToken: false,
    },
    role: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: [AGENTIC_SESSIONS.group],
          resources: ['agenticsessions/status'],
          resourceNames: [session.name],
          verbs: ['get', 'patch'],
        },
      ],
    },
    roleBinding: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: session.namespace }],
    },
    job,
    tokenExpirationSeconds: tokenSeconds(session.timeoutSeconds),
  };
}

function metadataOf(session: RunnableSession, name: string, { requestId, requestedBy }: RunOrigin) {
  return {
    name,
    namespace: session.namespace,
    labels: { ...MANAGED_BY_WRIT, [SESSION_UID_LABEL]: session.uid },
    annotations: { [REQUEST_ID]: requestId, ...(requestedBy && { [REQUESTED_BY]: requestedBy }) },
    ownerReferences: [ownerReferenceTo(session)],
  } satisfies ObjectMeta;
}

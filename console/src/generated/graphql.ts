/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The source and the target of `cloneSession`. */
export type CloneSessionInput = {
  /** Whether `autoPush` of repositories is copied. The default is true within a project and false into another project, whose credentials would push to the source's repositories. If it is false, the new session pushes to no repository by itself. */
  copyAutoPush?: boolean | null | undefined;
  /** Whether environment variables, MCP servers and the active workflow are copied. The default is true within a project and false into another project, whose secrets they could send elsewhere. What is not copied is not validated. */
  copyEnvironmentVariables?: boolean | null | undefined;
  /** The name for display: a single line of at most 256 characters. The default is that of the source. */
  displayName?: string | null | undefined;
  /** The name of the session to clone. */
  name: string;
  /** The name of the project that contains the source. */
  project: string;
  /** Whether to create a run too. False leaves the new session PENDING until `startSession`. A run follows the prompt of the source and reads its repositories, with the secrets of the target project. If others can write the source, leave this false, and read the new session before you start it. */
  start?: boolean | null | undefined;
  /** The name of the new session, a DNS label of at most 63 characters. The default is a generated name. */
  targetName?: string | null | undefined;
  /** The name of the project of the new session; it can be the same project. */
  targetProject: string;
};

/** The project that `createProject` creates. Null has the same effect as an absent field. */
export type CreateProjectInput = {
  /** What the project is for: 1 to 4,096 characters. */
  description?: string | null | undefined;
  /** The name for display: a single line of 1 to 256 characters. */
  displayName?: string | null | undefined;
  /** The name of the project and its namespace, a DNS label of at most 63 characters. Reserved are names of the system (kube-*, openshift-*, default, writ-system), words of API paths such as api or namespaces, top-level domains, and what the administrator reserves. */
  name: string;
};

/** The session that `createSession` creates. Null has the same effect as an absent field. */
export type CreateSessionInput = {
  /** The annotations of the session: at most 32, with values of at most 16,384 characters. The same prefixes as for labels are reserved. */
  annotations?: Array<KeyValueInput> | null | undefined;
  /** The name for display: a single line of at most 256 characters. */
  displayName?: string | null | undefined;
  /** Environment variables for the runner: at most 128, with values of at most 32,768 characters, and 700,000 bytes in UTF-8 in all. Names that a run sets itself, or that change how a process loads code, are reserved, and the administrator can restrict the names for each runner type. A name that is not allowed is BAD_USER_INPUT. */
  environmentVariables?: Array<KeyValueInput> | null | undefined;
  /** A string of 1 to 256 characters that makes a repeated request safe: the same key with the same input, from the same user and in the same project, returns the session that was created first. The same key with another input fails with CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** How long a run can be without activity before the session is stopped, in seconds: at most 31,536,000, and 0 means no limit. The default is the setting of the project, or 86,400 if it has none. */
  inactivityTimeoutSeconds?: number | null | undefined;
  /** The first message to the agent, which describes its task: at most 131,056 bytes in UTF-8, without NUL characters. */
  initialPrompt?: string | null | undefined;
  /** The labels of the session, at most 32. Keys with a prefix that Writ, Kubernetes or OpenShift reserves are BAD_USER_INPUT. */
  labels?: Array<KeyValueInput> | null | undefined;
  /** The settings of the language model. The default settings are those of the runner type. */
  llmSettings?: LlmSettingsInput | null | undefined;
  /** The name of the session, a DNS label of at most 63 characters. The default is a generated name. */
  name?: string | null | undefined;
  /** The name of a session of the same project that this session continues. It is BAD_USER_INPUT if that session does not exist, and FORBIDDEN if the caller may not get it. */
  parentSession?: string | null | undefined;
  /** The name of the project that will contain the session. */
  project: string;
  /** The git repositories that the session works on, at most 32. */
  repos?: Array<SessionRepoInput> | null | undefined;
  /** The `RunnerType.name` of one of `Query.runnerTypes`. The default is the type with `RunnerType.isDefault`. It is BAD_USER_INPUT if the caller can see that the project's runner Secret lacks one of `RunnerType.requiredSecretKeys`. */
  runnerType?: string | null | undefined;
  /** Whether to create a run too, which is the default. False leaves the session PENDING until `startSession`. */
  start?: boolean | null | undefined;
  /** Whether the session ends when the agent has finished its task, instead of waiting for another message. The default is false. */
  stopOnRunFinished?: boolean | null | undefined;
  /** The maximum duration of a run, in seconds: from 1 to the maximum that the administrator sets, which is 14,400 by default. The default is 300. */
  timeoutSeconds?: number | null | undefined;
};

/** An entry of a map such as labels. BAD_USER_INPUT if a map has the same key twice. */
export type KeyValueInput = {
  /** The key, unique within its map. */
  key: string;
  /** The value, which can be empty. */
  value: string;
};

/** The settings of the language model. In `createSession` an absent field means the default of the runner type; in `updateSession` it means no change, and null clears the field. */
export type LlmSettingsInput = {
  /** The maximum number of tokens of one response of the model, from 1 to 1,000,000. */
  maxTokens?: number | null | undefined;
  /** The name of the model, one of `RunnerType.models` of the runner type of the session, else BAD_USER_INPUT. */
  model?: string | null | undefined;
  /** The sampling temperature, from 0 to 2. */
  temperature?: number | null | undefined;
};

/** The direction of an order. */
export type OrderDirection =
  /** Ascending: the lowest name or the earliest time first. */
  | 'ASC'
  /** Descending: the highest name or the latest time first. */
  | 'DESC';

/** Whether a project is in use or being deleted. */
export type ProjectPhase =
  /** The project is in use. */
  | 'ACTIVE'
  /** The project is being deleted with all that it contains; nothing can be created in it. */
  | 'TERMINATING';

/** What a member of a project may do, from least to most. Each role includes those before it. */
export type ProjectRole =
  /** Also manage members, settings and secrets, and delete the project. */
  | 'ADMIN'
  /** Also create, change, start and stop sessions. */
  | 'EDIT'
  /** Read sessions, their logs and events, and the settings. */
  | 'VIEW';

/** An action on a session. The phase of the session and the permissions of the caller decide which are available. */
export type SessionAction =
  /** Create a session like this one with `cloneSession`. Listed if the caller may create sessions in this session's project; in another target project the permission can differ. */
  | 'CLONE'
  /** Delete the session with `deleteSession`, which needs permission to delete it. */
  | 'DELETE'
  /** Start a new run with `startSession`, which needs permission to update the session. */
  | 'START'
  /** Stop the run with `stopSession`, which needs permission to update the session. */
  | 'STOP'
  /** Change the session with `updateSession`, which needs permission to patch it. Its `displayName` can be changed in any phase. */
  | 'UPDATE';

/** What a `SessionEvent` says. */
export type SessionEventType =
  /** The session is in the selection. The client may have it already. */
  | 'ADDED'
  /** The session was deleted, or has left the selection. After a subscription with `since`, it can be a session that the client never had. */
  | 'DELETED'
  /** The session has changed. */
  | 'MODIFIED'
  /** A snapshot begins: a session that is not ADDED before SYNCED is gone. */
  | 'RESET'
  /** The snapshot is complete: changes follow. */
  | 'SYNCED';

/** Selects sessions. A session must match each field that is given. */
export type SessionFilter = {
  /** Selects sessions that were created after this time. Times of creation have whole seconds. */
  createdAfter?: string | null | undefined;
  /** If true, selects the sessions that the caller has created: those whose `createdBy.userId` is the username of the caller. As `createdBy`, it is for display: see `SessionUser.verified`. */
  mine?: boolean | null | undefined;
  /** Selects sessions in any of these phases. An empty list selects all. */
  phase?: Array<SessionPhase> | null | undefined;
  /** Selects sessions with any of these runner types, by their ids, of which there can be at most 100. A session that names none has the default runner type. An empty list selects all. */
  runnerType?: Array<string> | null | undefined;
  /** Selects sessions whose name, display name or initial prompt contains this text of at most 200 characters, ignoring case, Unicode form and spaces around it. */
  search?: string | null | undefined;
};

/** An order of sessions. The cluster itself pages by name in ascending order; any other order reads the whole selection first. */
export type SessionOrder = {
  /** The direction of the order. */
  direction: OrderDirection;
  /** The property to order by. */
  field: SessionOrderField;
};

/** The property that sessions are ordered by. */
export type SessionOrderField =
  /** The time of creation; sessions of the same second are ordered by name. */
  | 'CREATED_AT'
  /** The name for display, or of a session without one its name, compared by character code without regard to case and Unicode form. Of longer names the first 256 characters count. */
  | 'DISPLAY_NAME'
  /** The time of the last activity, `lastActivityTime`; sessions without one are before all others in ascending order, and after them in descending order. */
  | 'LAST_ACTIVITY'
  /** The name of the session, compared by character code. */
  | 'NAME';

/** The phase of a session according to its status. A session without a status is PENDING; a phase that Writ does not know is UNKNOWN. */
export type SessionPhase =
  /** The latest run ended without an error. */
  | 'COMPLETED'
  /** A run was created, but its pod is not running yet. */
  | 'CREATING'
  /** The latest run ended with an error: see `AgenticSession.conditions`. */
  | 'FAILED'
  /** No run has been created yet: the session was not started, or its run is still to be created. */
  | 'PENDING'
  /** The pod of the run is running. */
  | 'RUNNING'
  /** The session was stopped by a user or because of inactivity: see `AgenticSession.stoppedReason`. */
  | 'STOPPED'
  /** The run is being stopped: its Job or one of its pods still exists. */
  | 'STOPPING'
  /** The status has a phase that Writ does not know: see `AgenticSession.raw`. */
  | 'UNKNOWN';

/** A git repository that the session works on. */
export type SessionRepoInput = {
  /** Whether the runner pushes its commits to the repository. The default is false. */
  autoPush?: boolean | null | undefined;
  /** The branch to check out: a name that git accepts, of at most 253 characters. The default is main. */
  branch?: string | null | undefined;
  /** The URL to clone from: https or ssh, at most 2,048 characters, without a password, token, query or fragment. It can have a user, and escapes such as %20 in its path. */
  url: string;
};

/** The changes to a session. An absent field stays unchanged, and null clears a field. */
export type UpdateSessionInput = {
  /** The name for display: a single line of at most 256 characters. */
  displayName?: string | null | undefined;
  /** The first message to the agent, which describes its task: at most 131,056 bytes in UTF-8, without NUL characters. */
  initialPrompt?: string | null | undefined;
  /** The settings of the language model. The same rule holds for each of its fields. */
  llmSettings?: LlmSettingsInput | null | undefined;
  /** The name of the session. */
  name: string;
  /** The name of the project that contains the session. */
  project: string;
  /** The expected `AgenticSession.resourceVersion`; the mutation fails with CONFLICT if the session has another one. If it is absent, any version is accepted. */
  resourceVersion?: string | null | undefined;
  /** The maximum duration of a run, in seconds: from 1 to the maximum that the administrator sets, which is 14,400 by default. Null resets it to 300. */
  timeoutSeconds?: number | null | undefined;
};

export type ReceiptFragment = { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { __typename: 'Viewer', id: string, username: string } };

export type ProjectRowFragment = { __typename: 'Project', id: string, name: string, displayName: string | null, description: string | null, projectPhase: ProjectPhase, createdAt: string };

export type ProjectsQueryVariables = Exact<{
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ProjectsQuery = { projects: { __typename: 'ProjectConnection', totalCount: number | null, edges: Array<{ __typename: 'ProjectEdge', node: { __typename: 'Project', id: string, name: string, displayName: string | null, description: string | null, projectPhase: ProjectPhase, createdAt: string } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type MayCreateProjectQueryVariables = Exact<{ [key: string]: never; }>;


export type MayCreateProjectQuery = { viewer: { __typename: 'Viewer', id: string, mayCreateProject: { __typename: 'AccessReview', allowed: boolean, remedy: { __typename: 'AccessRemedy', description: string } | null } | null } };

export type CreateProjectMutationVariables = Exact<{
  input: CreateProjectInput;
}>;


export type CreateProjectMutation = { createProject: { __typename: 'CreateProjectPayload', project: { __typename: 'Project', id: string, name: string, displayName: string | null, description: string | null, projectPhase: ProjectPhase, createdAt: string }, receipt: { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } } | null } | null };

export type SessionActionsFragment = { __typename: 'AgenticSession', id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string };

export type UnavailableActionsQueryVariables = Exact<{
  project: string;
  name: string;
}>;


export type UnavailableActionsQuery = { session: { __typename: 'AgenticSession', id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string, unavailableActions: Array<{ __typename: 'UnavailableAction', action: SessionAction, allowedInPhase: boolean, remedy: { __typename: 'AccessRemedy', description: string, manifest: string, projectRole: ProjectRole | null } | null }> | null } | null };

export type StartSessionMutationVariables = Exact<{
  project: string;
  name: string;
}>;


export type StartSessionMutation = { startSession: { __typename: 'StartSessionPayload', session: { __typename: 'AgenticSession', id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string }, receipt: { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } } | null } | null };

export type StopSessionMutationVariables = Exact<{
  project: string;
  name: string;
}>;


export type StopSessionMutation = { stopSession: { __typename: 'StopSessionPayload', session: { __typename: 'AgenticSession', id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string }, receipt: { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } } | null } | null };

export type RenameSessionMutationVariables = Exact<{
  input: UpdateSessionInput;
}>;


export type RenameSessionMutation = { updateSession: { __typename: 'UpdateSessionPayload', session: { __typename: 'AgenticSession', id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string }, receipt: { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } } | null } | null };

export type CloneSessionMutationVariables = Exact<{
  input: CloneSessionInput;
}>;


export type CloneSessionMutation = { cloneSession: { __typename: 'CloneSessionPayload', session: { __typename: 'AgenticSession', id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string }, receipt: { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } } | null } | null };

export type DeleteSessionMutationVariables = Exact<{
  project: string;
  name: string;
}>;


export type DeleteSessionMutation = { deleteSession: { __typename: 'DeleteSessionPayload', deletedId: string, receipt: { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } } | null } | null };

export type SessionRowFragment = { __typename: 'AgenticSession', createdAt: string, lastActivityTime: string | null, runnerType: string | null, id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string, llmSettings: { __typename: 'LlmSettings', model: string | null } | null, createdBy: { __typename: 'SessionUser', userId: string, displayName: string | null } | null };

export type SessionsQueryVariables = Exact<{
  project: string;
  filter: SessionFilter;
  orderBy: SessionOrder;
  first: number;
  after?: string | null | undefined;
}>;


export type SessionsQuery = { project: { __typename: 'Project', id: string, sessions: { __typename: 'AgenticSessionConnection', totalCount: number | null, resourceVersion: string, edges: Array<{ __typename: 'AgenticSessionEdge', node: { __typename: 'AgenticSession', createdAt: string, lastActivityTime: string | null, runnerType: string | null, id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string, llmSettings: { __typename: 'LlmSettings', model: string | null } | null, createdBy: { __typename: 'SessionUser', userId: string, displayName: string | null } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type SessionChangesSubscriptionVariables = Exact<{
  project: string;
  filter: SessionFilter;
  since?: string | null | undefined;
}>;


export type SessionChangesSubscription = { sessions: { __typename: 'SessionEvents', resourceVersion: string, events: Array<{ __typename: 'SessionEvent', type: SessionEventType, session: { __typename: 'AgenticSession', createdAt: string, lastActivityTime: string | null, runnerType: string | null, id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string, llmSettings: { __typename: 'LlmSettings', model: string | null } | null, createdBy: { __typename: 'SessionUser', userId: string, displayName: string | null } | null } | null }> } };

export type SessionQueryVariables = Exact<{
  project: string;
  name: string;
}>;


export type SessionQuery = { session: { __typename: 'AgenticSession', createdAt: string, lastActivityTime: string | null, runnerType: string | null, id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string, llmSettings: { __typename: 'LlmSettings', model: string | null } | null, createdBy: { __typename: 'SessionUser', userId: string, displayName: string | null } | null } | null };

export type MayCreateSessionQueryVariables = Exact<{
  project: string;
}>;


export type MayCreateSessionQuery = { viewer: { __typename: 'Viewer', id: string, mayCreateSession: { __typename: 'AccessReview', allowed: boolean, remedy: { __typename: 'AccessRemedy', description: string, projectRole: ProjectRole | null } | null } | null } };

export type RunnerTypesQueryVariables = Exact<{ [key: string]: never; }>;


export type RunnerTypesQuery = { runnerTypes: Array<{ __typename: 'RunnerType', name: string, displayName: string, isDefault: boolean, provider: string, models: Array<string>, defaultModel: string, requiredSecretKeys: Array<string> }> };

export type CreateSessionMutationVariables = Exact<{
  input: CreateSessionInput;
}>;


export type CreateSessionMutation = { createSession: { __typename: 'CreateSessionPayload', session: { __typename: 'AgenticSession', createdAt: string, lastActivityTime: string | null, runnerType: string | null, id: string, projectName: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string, llmSettings: { __typename: 'LlmSettings', model: string | null } | null, createdBy: { __typename: 'SessionUser', userId: string, displayName: string | null } | null }, receipt: { __typename: 'MutationReceipt', requestId: string, auditIds: Array<string>, unansweredAuditIds: Array<string>, reviewedAt: string, reviewed: { __typename: 'ReviewedAccess', verb: string, group: string, resource: string, subresource: string | null, namespace: string | null, name: string | null } } | null } | null };

export const ReceiptFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<ReceiptFragment, unknown>;
export const ProjectRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"projectPhase"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]} as unknown as DocumentNode<ProjectRowFragment, unknown>;
export const SessionActionsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]} as unknown as DocumentNode<SessionActionsFragment, unknown>;
export const SessionRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityTime"}},{"kind":"Field","name":{"kind":"Name","value":"runnerType"}},{"kind":"Field","name":{"kind":"Name","value":"llmSettings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]} as unknown as DocumentNode<SessionRowFragment, unknown>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"username"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const ProjectsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Projects"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"projects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"CREATED_AT"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"DESC"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProjectRow"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"projectPhase"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]} as unknown as DocumentNode<ProjectsQuery, ProjectsQueryVariables>;
export const MayCreateProjectDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MayCreateProject"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","alias":{"kind":"Name","value":"mayCreateProject"},"name":{"kind":"Name","value":"can"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"verb"},"value":{"kind":"StringValue","value":"create","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"group"},"value":{"kind":"StringValue","value":"project.openshift.io","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"resource"},"value":{"kind":"StringValue","value":"projectrequests","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]}}]}}]} as unknown as DocumentNode<MayCreateProjectQuery, MayCreateProjectQueryVariables>;
export const CreateProjectDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateProject"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateProjectInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createProject"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProjectRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Receipt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"projectPhase"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CreateProjectMutation, CreateProjectMutationVariables>;
export const UnavailableActionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"UnavailableActions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableActions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"allowedInPhase"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"manifest"}},{"kind":"Field","name":{"kind":"Name","value":"projectRole"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}}]} as unknown as DocumentNode<UnavailableActionsQuery, UnavailableActionsQueryVariables>;
export const StartSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Receipt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<StartSessionMutation, StartSessionMutationVariables>;
export const StopSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StopSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stopSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Receipt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<StopSessionMutation, StopSessionMutationVariables>;
export const RenameSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RenameSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Receipt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<RenameSessionMutation, RenameSessionMutationVariables>;
export const CloneSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CloneSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CloneSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cloneSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Receipt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CloneSessionMutation, CloneSessionMutationVariables>;
export const DeleteSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedId"}},{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Receipt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<DeleteSessionMutation, DeleteSessionMutationVariables>;
export const SessionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Sessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SessionFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SessionOrder"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"project"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityTime"}},{"kind":"Field","name":{"kind":"Name","value":"runnerType"}},{"kind":"Field","name":{"kind":"Name","value":"llmSettings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<SessionsQuery, SessionsQueryVariables>;
export const SessionChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"SessionChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SessionFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityTime"}},{"kind":"Field","name":{"kind":"Name","value":"runnerType"}},{"kind":"Field","name":{"kind":"Name","value":"llmSettings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<SessionChangesSubscription, SessionChangesSubscriptionVariables>;
export const SessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Session"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityTime"}},{"kind":"Field","name":{"kind":"Name","value":"runnerType"}},{"kind":"Field","name":{"kind":"Name","value":"llmSettings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<SessionQuery, SessionQueryVariables>;
export const MayCreateSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MayCreateSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","alias":{"kind":"Name","value":"mayCreateSession"},"name":{"kind":"Name","value":"can"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"verb"},"value":{"kind":"StringValue","value":"create","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"group"},"value":{"kind":"StringValue","value":"vteam.ambient-code","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"resource"},"value":{"kind":"StringValue","value":"agenticsessions","block":false}},{"kind":"Argument","name":{"kind":"Name","value":"namespace"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"projectRole"}}]}}]}}]}}]}}]} as unknown as DocumentNode<MayCreateSessionQuery, MayCreateSessionQueryVariables>;
export const RunnerTypesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RunnerTypes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"runnerTypes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"models"}},{"kind":"Field","name":{"kind":"Name","value":"defaultModel"}},{"kind":"Field","name":{"kind":"Name","value":"requiredSecretKeys"}}]}}]}}]} as unknown as DocumentNode<RunnerTypesQuery, RunnerTypesQueryVariables>;
export const CreateSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"receipt"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Receipt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionActions"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"projectName"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionActions"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityTime"}},{"kind":"Field","name":{"kind":"Name","value":"runnerType"}},{"kind":"Field","name":{"kind":"Name","value":"llmSettings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"}}]}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Receipt"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MutationReceipt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestId"}},{"kind":"Field","name":{"kind":"Name","value":"auditIds"}},{"kind":"Field","name":{"kind":"Name","value":"unansweredAuditIds"}},{"kind":"Field","name":{"kind":"Name","value":"reviewedAt"}},{"kind":"Field","name":{"kind":"Name","value":"reviewed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verb"}},{"kind":"Field","name":{"kind":"Name","value":"group"}},{"kind":"Field","name":{"kind":"Name","value":"resource"}},{"kind":"Field","name":{"kind":"Name","value":"subresource"}},{"kind":"Field","name":{"kind":"Name","value":"namespace"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CreateSessionMutation, CreateSessionMutationVariables>;
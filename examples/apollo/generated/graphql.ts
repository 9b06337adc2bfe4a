/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The session that `createSession` creates. Null has the same effect as an absent field. */
export type CreateSessionInput = {
  /** The annotations of the session: at most 32, with values of at most 16,384 characters. The same prefixes as for labels are reserved. */
  annotations?: Array<KeyValueInput> | null | undefined;
  /** The name for display: a single line of at most 256 characters. */
  displayName?: string | null | undefined;
  /** Environment variables for the runner: at most 128, with values of at most 32,768 characters, and 700,000 bytes in UTF-8 in all. Names that a run sets itself, or that change how a process loads code, are reserved, and the administrator can restrict the names for each runner type. A name that is not allowed is BAD_USER_INPUT. */
  environmentVariables?: Array<KeyValueInput> | null | undefined;
  /** A string of 1 to 256 characters that makes a repeated request safe: the same key with the same input, from the same user and for a session of the same project, returns the session that was created first. The same key with another input fails with CONFLICT. */
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

export type SessionRowFragment = { __typename: 'AgenticSession', id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string };

export type ListProjectsQueryVariables = Exact<{
  after?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type ListProjectsQuery = { projects: { __typename: 'ProjectConnection', edges: Array<{ __typename: 'ProjectEdge', node: { __typename: 'Project', id: string, name: string, displayName: string | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type ListSessionsQueryVariables = Exact<{
  project: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: SessionFilter | null | undefined;
  orderBy?: SessionOrder | null | undefined;
}>;


export type ListSessionsQuery = { project: { __typename: 'Project', id: string, sessions: { __typename: 'AgenticSessionConnection', totalCount: number | null, resourceVersion: string, edges: Array<{ __typename: 'AgenticSessionEdge', node: { __typename: 'AgenticSession', id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type ReadSessionQueryVariables = Exact<{
  project: string;
  name: string;
}>;


export type ReadSessionQuery = { session: { __typename: 'AgenticSession', initialPrompt: string | null, timeoutSeconds: number | null, id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string, conditions: Array<{ __typename: 'Condition', type: string, status: string, reason: string | null, message: string | null }> } | null };

export type CreateSessionMutationVariables = Exact<{
  input: CreateSessionInput;
}>;


export type CreateSessionMutation = { createSession: { __typename: 'CreateSessionPayload', session: { __typename: 'AgenticSession', id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string } } | null };

export type UpdateSessionMutationVariables = Exact<{
  input: UpdateSessionInput;
}>;


export type UpdateSessionMutation = { updateSession: { __typename: 'UpdateSessionPayload', session: { __typename: 'AgenticSession', initialPrompt: string | null, timeoutSeconds: number | null, id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string } } | null };

export type StartSessionMutationVariables = Exact<{
  project: string;
  name: string;
}>;


export type StartSessionMutation = { startSession: { __typename: 'StartSessionPayload', session: { __typename: 'AgenticSession', id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string } } | null };

export type StopSessionMutationVariables = Exact<{
  project: string;
  name: string;
}>;


export type StopSessionMutation = { stopSession: { __typename: 'StopSessionPayload', session: { __typename: 'AgenticSession', id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string } } | null };

export type DeleteSessionMutationVariables = Exact<{
  project: string;
  name: string;
}>;


export type DeleteSessionMutation = { deleteSession: { __typename: 'DeleteSessionPayload', deletedId: string } | null };

export type SessionEventsSubscriptionVariables = Exact<{
  project: string;
  since?: string | null | undefined;
}>;


export type SessionEventsSubscription = { sessions: { __typename: 'SessionEvents', resourceVersion: string, events: Array<{ __typename: 'SessionEvent', type: SessionEventType, session: { __typename: 'AgenticSession', id: string, name: string, displayName: string | null, phase: SessionPhase, availableActions: Array<SessionAction> | null, resourceVersion: string } | null }> } };

export type SessionLogsSubscriptionVariables = Exact<{
  project: string;
  name: string;
  sinceTime?: string | null | undefined;
}>;


export type SessionLogsSubscription = { sessionLogs: { __typename: 'LogChunk', skipped: number, lines: Array<{ __typename: 'LogLine', text: string, timestamp: string, pod: string, container: string }> } };

export const SessionRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<SessionRowFragment, unknown>;
export const ListProjectsDocument = {"__meta__":{"hash":"sha256:45029b9c13e81e3c1f26d42e07720c3a11542ab8dca81d5b0d04812e8275832d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListProjects"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"projects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<ListProjectsQuery, ListProjectsQueryVariables>;
export const ListSessionsDocument = {"__meta__":{"hash":"sha256:e6612e6dd114a568974a334ea7a5d3c8494fae03d435f7d0bc330849d794e6be"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ListSessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SessionFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SessionOrder"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"project"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ListSessionsQuery, ListSessionsQueryVariables>;
export const ReadSessionDocument = {"__meta__":{"hash":"sha256:25b6dbd09b70f8327d8dbcb738162b4f57b10ee760b3f56193ab5d8a308ab192"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ReadSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}},{"kind":"Field","name":{"kind":"Name","value":"initialPrompt"}},{"kind":"Field","name":{"kind":"Name","value":"timeoutSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"conditions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<ReadSessionQuery, ReadSessionQueryVariables>;
export const CreateSessionDocument = {"__meta__":{"hash":"sha256:bdc56f602e118baa114a77fe4826bc2994b9b41bc9744fd69b2d83d4c93ba934"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<CreateSessionMutation, CreateSessionMutationVariables>;
export const UpdateSessionDocument = {"__meta__":{"hash":"sha256:530f46368cbb5dcc84e3854f7495d40bde459c54fb5a38a9c7e3730f4d11ef19"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}},{"kind":"Field","name":{"kind":"Name","value":"initialPrompt"}},{"kind":"Field","name":{"kind":"Name","value":"timeoutSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<UpdateSessionMutation, UpdateSessionMutationVariables>;
export const StartSessionDocument = {"__meta__":{"hash":"sha256:5b68d57ecda487d94f63d868643f3f54b747b68243da8d2c3969feeb8a23c24e"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<StartSessionMutation, StartSessionMutationVariables>;
export const StopSessionDocument = {"__meta__":{"hash":"sha256:6a0230701ddd991993c34629d566f4e9bb83c3b0b1b523613d0a0f7afe1bac90"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StopSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stopSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<StopSessionMutation, StopSessionMutationVariables>;
export const DeleteSessionDocument = {"__meta__":{"hash":"sha256:cb8476d014301f2b2c8ca6209d49d600fc88315b992c544e0945c06fd40dca6e"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deletedId"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<DeleteSessionMutation, DeleteSessionMutationVariables>;
export const SessionEventsDocument = {"__meta__":{"hash":"sha256:c546e86334b0acb443052e03d632d05a4b8a50bff244658e55f7475d2f7eb915"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"SessionEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionRow"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AgenticSession"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"availableActions"}},{"kind":"Field","name":{"kind":"Name","value":"resourceVersion"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<SessionEventsSubscription, SessionEventsSubscriptionVariables>;
export const SessionLogsDocument = {"__meta__":{"hash":"sha256:252516de1986964ea3478aaa78258cb85de8d6e1f51da7942a68fc9beba84e39"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"SessionLogs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"project"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sinceTime"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionLogs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"project"},"value":{"kind":"Variable","name":{"kind":"Name","value":"project"}}},{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}},{"kind":"Argument","name":{"kind":"Name","value":"sinceTime"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sinceTime"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"skipped"}},{"kind":"Field","name":{"kind":"Name","value":"lines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"pod"}},{"kind":"Field","name":{"kind":"Name","value":"container"}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}},{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]}}]} as unknown as DocumentNode<SessionLogsSubscription, SessionLogsSubscriptionVariables>;
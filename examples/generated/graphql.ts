/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

export type CreateSessionMutationVariables = Exact<{
  input: CreateSessionInput;
}>;


export type CreateSessionMutation = { createSession: { session: { id: string, name: string, phase: SessionPhase } } | null };

export type ListSessionsQueryVariables = Exact<{
  project: string;
  after?: string | null | undefined;
}>;


export type ListSessionsQuery = { project: { sessions: { edges: Array<{ node: { id: string, name: string, displayName: string | null, phase: SessionPhase } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const CreateSessionDocument = new TypedDocumentString(`
    mutation CreateSession($input: CreateSessionInput!) {
  createSession(input: $input) {
    session {
      id
      name
      phase
    }
  }
}
    `) as unknown as TypedDocumentString<CreateSessionMutation, CreateSessionMutationVariables>;
export const ListSessionsDocument = new TypedDocumentString(`
    query ListSessions($project: String!, $after: String) {
  project(name: $project) {
    sessions(first: 50, after: $after) {
      edges {
        node {
          id
          name
          displayName
          phase
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ListSessionsQuery, ListSessionsQueryVariables>;
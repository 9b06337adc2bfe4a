/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** A session to create. What is absent has the default of the cluster. */
export type CreateSessionInput = {
  /** Reserved prefixes are refused. */
  annotations?: Array<KeyValueInput> | null | undefined;
  /** For people: one line, at most 256 characters. */
  displayName?: string | null | undefined;
  /** Of the runner's process. Names that runs set themselves are refused. */
  environmentVariables?: Array<KeyValueInput> | null | undefined;
  /** The same key and input from the same user within a project: the same session, created once. The same key with another input: CONFLICT. */
  idempotencyKey?: string | null | undefined;
  /** How long a run may do nothing; 0: for ever. */
  inactivityTimeoutSeconds?: number | null | undefined;
  /** What the agent is asked to do: at most 131,072 characters. */
  initialPrompt?: string | null | undefined;
  /** Reserved prefixes are refused. */
  labels?: Array<KeyValueInput> | null | undefined;
  /** Omitted: the runner's defaults. */
  llmSettings?: LlmSettingsInput | null | undefined;
  /** A DNS label. Omitted: a generated name. */
  name?: string | null | undefined;
  /** The name of a session of the project that it goes on from. */
  parentSession?: string | null | undefined;
  /** The name of the project. */
  project: string;
  /** What it works on. */
  repos?: Array<SessionRepoInput> | null | undefined;
  /** Which runner works on it. Omitted: the default of the cluster. */
  runnerType?: string | null | undefined;
  /** Creates the run too (the default); false leaves the session Pending until it is started. */
  start?: boolean | null | undefined;
  /** Whether the session stops when the agent has answered. */
  stopOnRunFinished?: boolean | null | undefined;
  /** How long a run may take. Omitted: 300. */
  timeoutSeconds?: number | null | undefined;
};

/** An entry of a map. A key may be given once. */
export type KeyValueInput = {
  /** Unique within its map. */
  key: string;
  /** May be empty. */
  value: string;
};

/** How the language model is asked. */
export type LlmSettingsInput = {
  /** The longest answer, in tokens: from 1 to 1,000,000. */
  maxTokens?: number | null | undefined;
  /** One of the models of the runner type. */
  model?: string | null | undefined;
  /** From 0 to 2. */
  temperature?: number | null | undefined;
};

/** No status: PENDING. A value that Writ does not know: UNKNOWN (see raw). */
export type SessionPhase =
  | 'COMPLETED'
  | 'CREATING'
  | 'FAILED'
  | 'PENDING'
  | 'RUNNING'
  | 'STOPPED'
  | 'STOPPING'
  | 'UNKNOWN';

/** A git repository to work on. */
export type SessionRepoInput = {
  /** Whether the runner pushes its commits. Omitted: no. */
  autoPush?: boolean | null | undefined;
  /** Omitted: main. */
  branch?: string | null | undefined;
  /** https or ssh, without credentials. */
  url: string;
};

export type CreateSessionMutationVariables = Exact<{
  input: CreateSessionInput;
}>;


export type CreateSessionMutation = { createSession: { session: { id: string, name: string, phase: SessionPhase } } };

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
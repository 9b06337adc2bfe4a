/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment SessionRow on AgenticSession {\n    id\n    name\n    displayName\n    phase\n    availableActions\n    resourceVersion\n  }\n": typeof types.SessionRowFragmentDoc,
    "\n  query ListProjects($after: String, $search: String) {\n    projects(after: $after, search: $search) {\n      edges {\n        node {\n          id\n          name\n          displayName\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ListProjectsDocument,
    "\n  query ListSessions(\n    $project: String!\n    $first: Int\n    $after: String\n    $filter: SessionFilter\n    $orderBy: SessionOrder\n  ) {\n    project(name: $project) {\n      id\n      sessions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n        totalCount\n        resourceVersion\n        edges {\n          node {\n            ...SessionRow\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ListSessionsDocument,
    "\n  query ReadSession($project: String!, $name: String!) {\n    session(project: $project, name: $name) {\n      ...SessionRow\n      initialPrompt\n      timeoutSeconds\n      conditions {\n        type\n        status\n        reason\n        message\n      }\n    }\n  }\n": typeof types.ReadSessionDocument,
    "\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n": typeof types.CreateSessionDocument,
    "\n  mutation UpdateSession($input: UpdateSessionInput!) {\n    updateSession(input: $input) {\n      session {\n        ...SessionRow\n        initialPrompt\n        timeoutSeconds\n      }\n    }\n  }\n": typeof types.UpdateSessionDocument,
    "\n  mutation StartSession($project: String!, $name: String!) {\n    startSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n": typeof types.StartSessionDocument,
    "\n  mutation StopSession($project: String!, $name: String!) {\n    stopSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n": typeof types.StopSessionDocument,
    "\n  mutation DeleteSession($project: String!, $name: String!) {\n    deleteSession(project: $project, name: $name) {\n      deletedId\n    }\n  }\n": typeof types.DeleteSessionDocument,
    "\n  subscription SessionEvents($project: String!, $since: String) {\n    sessions(project: $project, since: $since) {\n      resourceVersion\n      events {\n        type\n        session {\n          ...SessionRow\n        }\n      }\n    }\n  }\n": typeof types.SessionEventsDocument,
    "\n  subscription SessionLogs($project: String!, $name: String!, $sinceTime: DateTime) {\n    sessionLogs(project: $project, name: $name, sinceTime: $sinceTime) {\n      skipped\n      lines {\n        text\n        timestamp\n        pod\n        container\n      }\n    }\n  }\n": typeof types.SessionLogsDocument,
};
const documents: Documents = {
    "\n  fragment SessionRow on AgenticSession {\n    id\n    name\n    displayName\n    phase\n    availableActions\n    resourceVersion\n  }\n": types.SessionRowFragmentDoc,
    "\n  query ListProjects($after: String, $search: String) {\n    projects(after: $after, search: $search) {\n      edges {\n        node {\n          id\n          name\n          displayName\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ListProjectsDocument,
    "\n  query ListSessions(\n    $project: String!\n    $first: Int\n    $after: String\n    $filter: SessionFilter\n    $orderBy: SessionOrder\n  ) {\n    project(name: $project) {\n      id\n      sessions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n        totalCount\n        resourceVersion\n        edges {\n          node {\n            ...SessionRow\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ListSessionsDocument,
    "\n  query ReadSession($project: String!, $name: String!) {\n    session(project: $project, name: $name) {\n      ...SessionRow\n      initialPrompt\n      timeoutSeconds\n      conditions {\n        type\n        status\n        reason\n        message\n      }\n    }\n  }\n": types.ReadSessionDocument,
    "\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n": types.CreateSessionDocument,
    "\n  mutation UpdateSession($input: UpdateSessionInput!) {\n    updateSession(input: $input) {\n      session {\n        ...SessionRow\n        initialPrompt\n        timeoutSeconds\n      }\n    }\n  }\n": types.UpdateSessionDocument,
    "\n  mutation StartSession($project: String!, $name: String!) {\n    startSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n": types.StartSessionDocument,
    "\n  mutation StopSession($project: String!, $name: String!) {\n    stopSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n": types.StopSessionDocument,
    "\n  mutation DeleteSession($project: String!, $name: String!) {\n    deleteSession(project: $project, name: $name) {\n      deletedId\n    }\n  }\n": types.DeleteSessionDocument,
    "\n  subscription SessionEvents($project: String!, $since: String) {\n    sessions(project: $project, since: $since) {\n      resourceVersion\n      events {\n        type\n        session {\n          ...SessionRow\n        }\n      }\n    }\n  }\n": types.SessionEventsDocument,
    "\n  subscription SessionLogs($project: String!, $name: String!, $sinceTime: DateTime) {\n    sessionLogs(project: $project, name: $name, sinceTime: $sinceTime) {\n      skipped\n      lines {\n        text\n        timestamp\n        pod\n        container\n      }\n    }\n  }\n": types.SessionLogsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionRow on AgenticSession {\n    id\n    name\n    displayName\n    phase\n    availableActions\n    resourceVersion\n  }\n"): (typeof documents)["\n  fragment SessionRow on AgenticSession {\n    id\n    name\n    displayName\n    phase\n    availableActions\n    resourceVersion\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListProjects($after: String, $search: String) {\n    projects(after: $after, search: $search) {\n      edges {\n        node {\n          id\n          name\n          displayName\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListProjects($after: String, $search: String) {\n    projects(after: $after, search: $search) {\n      edges {\n        node {\n          id\n          name\n          displayName\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListSessions(\n    $project: String!\n    $first: Int\n    $after: String\n    $filter: SessionFilter\n    $orderBy: SessionOrder\n  ) {\n    project(name: $project) {\n      id\n      sessions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n        totalCount\n        resourceVersion\n        edges {\n          node {\n            ...SessionRow\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ListSessions(\n    $project: String!\n    $first: Int\n    $after: String\n    $filter: SessionFilter\n    $orderBy: SessionOrder\n  ) {\n    project(name: $project) {\n      id\n      sessions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n        totalCount\n        resourceVersion\n        edges {\n          node {\n            ...SessionRow\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ReadSession($project: String!, $name: String!) {\n    session(project: $project, name: $name) {\n      ...SessionRow\n      initialPrompt\n      timeoutSeconds\n      conditions {\n        type\n        status\n        reason\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  query ReadSession($project: String!, $name: String!) {\n    session(project: $project, name: $name) {\n      ...SessionRow\n      initialPrompt\n      timeoutSeconds\n      conditions {\n        type\n        status\n        reason\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateSession($input: CreateSessionInput!) {\n    createSession(input: $input) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateSession($input: UpdateSessionInput!) {\n    updateSession(input: $input) {\n      session {\n        ...SessionRow\n        initialPrompt\n        timeoutSeconds\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateSession($input: UpdateSessionInput!) {\n    updateSession(input: $input) {\n      session {\n        ...SessionRow\n        initialPrompt\n        timeoutSeconds\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartSession($project: String!, $name: String!) {\n    startSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation StartSession($project: String!, $name: String!) {\n    startSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StopSession($project: String!, $name: String!) {\n    stopSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation StopSession($project: String!, $name: String!) {\n    stopSession(project: $project, name: $name) {\n      session {\n        ...SessionRow\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteSession($project: String!, $name: String!) {\n    deleteSession(project: $project, name: $name) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteSession($project: String!, $name: String!) {\n    deleteSession(project: $project, name: $name) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription SessionEvents($project: String!, $since: String) {\n    sessions(project: $project, since: $since) {\n      resourceVersion\n      events {\n        type\n        session {\n          ...SessionRow\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription SessionEvents($project: String!, $since: String) {\n    sessions(project: $project, since: $since) {\n      resourceVersion\n      events {\n        type\n        session {\n          ...SessionRow\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription SessionLogs($project: String!, $name: String!, $sinceTime: DateTime) {\n    sessionLogs(project: $project, name: $name, sinceTime: $sinceTime) {\n      skipped\n      lines {\n        text\n        timestamp\n        pod\n        container\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription SessionLogs($project: String!, $name: String!, $sinceTime: DateTime) {\n    sessionLogs(project: $project, name: $name, sinceTime: $sinceTime) {\n      skipped\n      lines {\n        text\n        timestamp\n        pod\n        container\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;
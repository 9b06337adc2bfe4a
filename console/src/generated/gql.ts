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
    "fragment Receipt on MutationReceipt {\n  requestId\n  auditIds\n  unansweredAuditIds\n  reviewedAt\n  reviewed {\n    verb\n    group\n    resource\n    subresource\n    namespace\n    name\n  }\n}": typeof types.ReceiptFragmentDoc,
    "query Viewer {\n  viewer {\n    id\n    username\n  }\n}": typeof types.ViewerDocument,
    "fragment ProjectRow on Project {\n  id\n  name\n  displayName\n  description\n  projectPhase\n  createdAt\n}\n\nquery Projects($search: String, $first: Int, $after: String) {\n  projects(\n    search: $search\n    first: $first\n    after: $after\n    orderBy: {field: CREATED_AT, direction: DESC}\n  ) {\n    totalCount\n    edges {\n      node {\n        ...ProjectRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery MayCreateProject {\n  viewer {\n    id\n    mayCreateProject: can(\n      verb: \"create\"\n      group: \"project.openshift.io\"\n      resource: \"projectrequests\"\n    ) {\n      allowed\n      remedy {\n        description\n      }\n    }\n  }\n}\n\nmutation CreateProject($input: CreateProjectInput!) {\n  createProject(input: $input) {\n    project {\n      ...ProjectRow\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}": typeof types.ProjectRowFragmentDoc,
    "fragment SessionActions on AgenticSession {\n  id\n  projectName\n  name\n  displayName\n  phase\n  availableActions\n  resourceVersion\n}\n\nquery UnavailableActions($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionActions\n    unavailableActions {\n      action\n      allowedInPhase\n      remedy {\n        description\n        manifest\n        projectRole\n      }\n    }\n  }\n}\n\nmutation StartSession($project: String!, $name: String!) {\n  startSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation StopSession($project: String!, $name: String!) {\n  stopSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation RenameSession($input: UpdateSessionInput!) {\n  updateSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation CloneSession($input: CloneSessionInput!) {\n  cloneSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation DeleteSession($project: String!, $name: String!) {\n  deleteSession(project: $project, name: $name) {\n    deletedId\n    receipt {\n      ...Receipt\n    }\n  }\n}": typeof types.SessionActionsFragmentDoc,
    "fragment SessionRow on AgenticSession {\n  id\n  name\n  displayName\n  phase\n  createdAt\n  resourceVersion\n}\n\nquery Session($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionRow\n  }\n}": typeof types.SessionRowFragmentDoc,
};
const documents: Documents = {
    "fragment Receipt on MutationReceipt {\n  requestId\n  auditIds\n  unansweredAuditIds\n  reviewedAt\n  reviewed {\n    verb\n    group\n    resource\n    subresource\n    namespace\n    name\n  }\n}": types.ReceiptFragmentDoc,
    "query Viewer {\n  viewer {\n    id\n    username\n  }\n}": types.ViewerDocument,
    "fragment ProjectRow on Project {\n  id\n  name\n  displayName\n  description\n  projectPhase\n  createdAt\n}\n\nquery Projects($search: String, $first: Int, $after: String) {\n  projects(\n    search: $search\n    first: $first\n    after: $after\n    orderBy: {field: CREATED_AT, direction: DESC}\n  ) {\n    totalCount\n    edges {\n      node {\n        ...ProjectRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery MayCreateProject {\n  viewer {\n    id\n    mayCreateProject: can(\n      verb: \"create\"\n      group: \"project.openshift.io\"\n      resource: \"projectrequests\"\n    ) {\n      allowed\n      remedy {\n        description\n      }\n    }\n  }\n}\n\nmutation CreateProject($input: CreateProjectInput!) {\n  createProject(input: $input) {\n    project {\n      ...ProjectRow\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}": types.ProjectRowFragmentDoc,
    "fragment SessionActions on AgenticSession {\n  id\n  projectName\n  name\n  displayName\n  phase\n  availableActions\n  resourceVersion\n}\n\nquery UnavailableActions($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionActions\n    unavailableActions {\n      action\n      allowedInPhase\n      remedy {\n        description\n        manifest\n        projectRole\n      }\n    }\n  }\n}\n\nmutation StartSession($project: String!, $name: String!) {\n  startSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation StopSession($project: String!, $name: String!) {\n  stopSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation RenameSession($input: UpdateSessionInput!) {\n  updateSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation CloneSession($input: CloneSessionInput!) {\n  cloneSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation DeleteSession($project: String!, $name: String!) {\n  deleteSession(project: $project, name: $name) {\n    deletedId\n    receipt {\n      ...Receipt\n    }\n  }\n}": types.SessionActionsFragmentDoc,
    "fragment SessionRow on AgenticSession {\n  id\n  name\n  displayName\n  phase\n  createdAt\n  resourceVersion\n}\n\nquery Session($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionRow\n  }\n}": types.SessionRowFragmentDoc,
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
export function graphql(source: "fragment Receipt on MutationReceipt {\n  requestId\n  auditIds\n  unansweredAuditIds\n  reviewedAt\n  reviewed {\n    verb\n    group\n    resource\n    subresource\n    namespace\n    name\n  }\n}"): (typeof documents)["fragment Receipt on MutationReceipt {\n  requestId\n  auditIds\n  unansweredAuditIds\n  reviewedAt\n  reviewed {\n    verb\n    group\n    resource\n    subresource\n    namespace\n    name\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Viewer {\n  viewer {\n    id\n    username\n  }\n}"): (typeof documents)["query Viewer {\n  viewer {\n    id\n    username\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment ProjectRow on Project {\n  id\n  name\n  displayName\n  description\n  projectPhase\n  createdAt\n}\n\nquery Projects($search: String, $first: Int, $after: String) {\n  projects(\n    search: $search\n    first: $first\n    after: $after\n    orderBy: {field: CREATED_AT, direction: DESC}\n  ) {\n    totalCount\n    edges {\n      node {\n        ...ProjectRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery MayCreateProject {\n  viewer {\n    id\n    mayCreateProject: can(\n      verb: \"create\"\n      group: \"project.openshift.io\"\n      resource: \"projectrequests\"\n    ) {\n      allowed\n      remedy {\n        description\n      }\n    }\n  }\n}\n\nmutation CreateProject($input: CreateProjectInput!) {\n  createProject(input: $input) {\n    project {\n      ...ProjectRow\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}"): (typeof documents)["fragment ProjectRow on Project {\n  id\n  name\n  displayName\n  description\n  projectPhase\n  createdAt\n}\n\nquery Projects($search: String, $first: Int, $after: String) {\n  projects(\n    search: $search\n    first: $first\n    after: $after\n    orderBy: {field: CREATED_AT, direction: DESC}\n  ) {\n    totalCount\n    edges {\n      node {\n        ...ProjectRow\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery MayCreateProject {\n  viewer {\n    id\n    mayCreateProject: can(\n      verb: \"create\"\n      group: \"project.openshift.io\"\n      resource: \"projectrequests\"\n    ) {\n      allowed\n      remedy {\n        description\n      }\n    }\n  }\n}\n\nmutation CreateProject($input: CreateProjectInput!) {\n  createProject(input: $input) {\n    project {\n      ...ProjectRow\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment SessionActions on AgenticSession {\n  id\n  projectName\n  name\n  displayName\n  phase\n  availableActions\n  resourceVersion\n}\n\nquery UnavailableActions($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionActions\n    unavailableActions {\n      action\n      allowedInPhase\n      remedy {\n        description\n        manifest\n        projectRole\n      }\n    }\n  }\n}\n\nmutation StartSession($project: String!, $name: String!) {\n  startSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation StopSession($project: String!, $name: String!) {\n  stopSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation RenameSession($input: UpdateSessionInput!) {\n  updateSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation CloneSession($input: CloneSessionInput!) {\n  cloneSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation DeleteSession($project: String!, $name: String!) {\n  deleteSession(project: $project, name: $name) {\n    deletedId\n    receipt {\n      ...Receipt\n    }\n  }\n}"): (typeof documents)["fragment SessionActions on AgenticSession {\n  id\n  projectName\n  name\n  displayName\n  phase\n  availableActions\n  resourceVersion\n}\n\nquery UnavailableActions($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionActions\n    unavailableActions {\n      action\n      allowedInPhase\n      remedy {\n        description\n        manifest\n        projectRole\n      }\n    }\n  }\n}\n\nmutation StartSession($project: String!, $name: String!) {\n  startSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation StopSession($project: String!, $name: String!) {\n  stopSession(project: $project, name: $name) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation RenameSession($input: UpdateSessionInput!) {\n  updateSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation CloneSession($input: CloneSessionInput!) {\n  cloneSession(input: $input) {\n    session {\n      ...SessionActions\n    }\n    receipt {\n      ...Receipt\n    }\n  }\n}\n\nmutation DeleteSession($project: String!, $name: String!) {\n  deleteSession(project: $project, name: $name) {\n    deletedId\n    receipt {\n      ...Receipt\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "fragment SessionRow on AgenticSession {\n  id\n  name\n  displayName\n  phase\n  createdAt\n  resourceVersion\n}\n\nquery Session($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionRow\n  }\n}"): (typeof documents)["fragment SessionRow on AgenticSession {\n  id\n  name\n  displayName\n  phase\n  createdAt\n  resourceVersion\n}\n\nquery Session($project: String!, $name: String!) {\n  session(project: $project, name: $name) {\n    ...SessionRow\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;
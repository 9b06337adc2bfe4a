import { graphql } from './generated/index.ts';

export const SESSION_ROW = graphql(/* GraphQL */ `
  fragment SessionRow on AgenticSession {
    id
    name
    displayName
    phase
    availableActions
    resourceVersion
  }
`);

export const LIST_PROJECTS = graphql(/* GraphQL */ `
  query ListProjects($after: String, $search: String) {
    projects(after: $after, search: $search) {
      edges {
        node {
          id
          name
          displayName
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const LIST_SESSIONS = graphql(/* GraphQL */ `
  query ListSessions(
    $project: String!
    $first: Int
    $after: String
    $filter: SessionFilter
    $orderBy: SessionOrder
  ) {
    project(name: $project) {
      id
      sessions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        totalCount
        resourceVersion
        edges {
          node {
            ...SessionRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const READ_SESSION = graphql(/* GraphQL */ `
  query ReadSession($project: String!, $name: String!) {
    session(project: $project, name: $name) {
      ...SessionRow
      initialPrompt
      timeoutSeconds
      conditions {
        type
        status
        reason
        message
      }
    }
  }
`);

export const CREATE_SESSION = graphql(/* GraphQL */ `
  mutation CreateSession($input: CreateSessionInput!) {
    createSession(input: $input) {
      session {
        ...SessionRow
      }
    }
  }
`);

export const UPDATE_SESSION = graphql(/* GraphQL */ `
  mutation UpdateSession($input: UpdateSessionInput!) {
    updateSession(input: $input) {
      session {
        ...SessionRow
        initialPrompt
        timeoutSeconds
      }
    }
  }
`);

export const START_SESSION = graphql(/* GraphQL */ `
  mutation StartSession($project: String!, $name: String!) {
    startSession(project: $project, name: $name) {
      session {
        ...SessionRow
      }
    }
  }
`);

export const STOP_SESSION = graphql(/* GraphQL */ `
  mutation StopSession($project: String!, $name: String!) {
    stopSession(project: $project, name: $name) {
      session {
        ...SessionRow
      }
    }
  }
`);

export const DELETE_SESSION = graphql(/* GraphQL */ `
  mutation DeleteSession($project: String!, $name: String!) {
    deleteSession(project: $project, name: $name) {
      deletedId
    }
  }
`);

export const SESSION_EVENTS = graphql(/* GraphQL */ `
  subscription SessionEvents($project: String!, $since: String) {
    sessions(project: $project, since: $since) {
      resourceVersion
      events {
        type
        session {
          ...SessionRow
        }
      }
    }
  }
`);

export const SESSION_LOGS = graphql(/* GraphQL */ `
  subscription SessionLogs($project: String!, $name: String!, $sinceTime: DateTime) {
    sessionLogs(project: $project, name: $name, sinceTime: $sinceTime) {
      skipped
      lines {
        text
        timestamp
        pod
        container
      }
    }
  }
`);

import type { PlaygroundOperation } from './plugins/use-playground.ts';

/** What the playground opens with. They work as they stand with the sandbox's demo data. */
export const PLAYGROUND_OPERATIONS: PlaygroundOperation[] = [
  {
    query: `# The sessions of a project, as you may see them.
query Sessions($project: String!) {
  project(name: $project) {
    name
    displayName
    sessions(first: 10) {
      totalCount
      edges {
        cursor
        node {
          id
          name
          displayName
          phase
          createdAt
          availableActions
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
    variables: { project: 'demo' },
  },
  {
    query: `# Creates a session and its run. Take victor's token to see it refused.
mutation CreateSession($input: CreateSessionInput!) {
  createSession(input: $input) {
    session {
      id
      name
      phase
      createdBy {
        userId
        verified
      }
    }
  }
}
`,
    variables: {
      input: { project: 'demo', displayName: 'From the playground', initialPrompt: 'Say hello' },
    },
  },
  {
    query: `# One session with its run. Put in a name from the list.
query Session($project: String!, $name: String!) {
  session(project: $project, name: $name) {
    id
    phase
    conditions {
      type
      status
      reason
      message
    }
    job {
      name
      active
      succeeded
      failed
    }
    pods {
      name
      phase
    }
    events {
      reason
      message
      objectKind
    }
    logs(tailLines: 20)
  }
}
`,
    variables: { project: 'demo', name: '' },
  },
  {
    query: `# Who the cluster says you are, and what you may do.
query Viewer {
  viewer {
    username
    groups
    can(verb: "create", resource: "agenticsessions", group: "vteam.ambient-code", namespace: "demo") {
      allowed
    }
  }
  projects {
    nodes {
      name
      viewerCan(verb: "create")
    }
  }
}
`,
  },
];

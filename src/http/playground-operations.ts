import type { PlaygroundOperation } from './plugins/use-playground.ts';

/** What the playground opens with. They work as they stand with the sandbox's demo data. */
export const PLAYGROUND_OPERATIONS: PlaygroundOperation[] = [
  {
    query: `# The sessions of a project, as you may see them.
query Sessions {
  project(name: "demo") {
    displayName
    sessions(first: 10) {
      totalCount
      nodes {
        name
        displayName
        phase
        createdAt
        pods {
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
`,
  },
  {
    query: `# Creates a session and its run. Take victor's token below to see it refused.
mutation CreateSession {
  createSession(
    input: {
      project: "demo"
      displayName: "From the playground"
      initialPrompt: "Say hello"
    }
  ) {
    session {
      id
      name
      phase
      createdBy {
        userId
      }
    }
  }
}
`,
  },
  {
    query: `# One session with what its run is doing.
query Session {
  session(project: "demo", name: "fix-cart-rounding") {
    phase
    availableActions
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
  },
  {
    query: `# Who the cluster says you are, and what you may do.
query Viewer {
  viewer {
    username
    groups
    can(verb: "create", resource: "secrets", namespace: "demo") {
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

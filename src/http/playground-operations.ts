import type { PlaygroundOperation } from './playground/page.ts';

/** The playground's initial operations. They work with the sandbox's demo data as they are. */
export const PLAYGROUND_OPERATIONS: PlaygroundOperation[] = [
  {
    query: `# The sessions of a project.
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
          podPhase
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
    query: `# Creates a session and its run. With victor's token in the headers below, it is forbidden.
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
    query: `# One session, with the state of its run.
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
      podPhase
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
    query: `# Your user name in the cluster, and what you may do.
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
  {
    query: `# Creates a session every working day at 9, in your name. The sandbox stores schedules and does not run them.
mutation CreateScheduledSession {
  createScheduledSession(
    input: {
      project: "demo"
      name: "check-links"
      schedule: "0 9 * * 1-5"
      timeZone: "Europe/Berlin"
      session: { initialPrompt: "Check the links of the documentation" }
    }
  ) {
    scheduledSession {
      id
      nextScheduleTimes
      owner {
        userId
      }
    }
  }
}
`,
  },
  {
    query: `# The scheduled sessions of a project.
query ScheduledSessions {
  project(name: "demo") {
    scheduledSessions {
      name
      schedule
      timeZone
      suspended
      lastScheduleTime
    }
  }
}
`,
  },
  {
    query: `# The sessions of a project as they change: run it, then create a session in another tab.
subscription LiveSessions {
  sessions(project: "demo") {
    events {
      type
      session {
        name
        displayName
        phase
      }
    }
    resourceVersion
  }
}
`,
  },
  {
    query: `# The log of a session as it is written.
subscription LiveLogs {
  sessionLogs(project: "demo", name: "fix-cart-rounding", tailLines: 20) {
    lines {
      timestamp
      text
    }
    skipped
  }
}
`,
  },
];

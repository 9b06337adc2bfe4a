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
    query: `# Creates a project of your own, in which you are an admin. With victor's token, it is forbidden.
mutation CreateProject {
  createProject(input: { name: "my-project", displayName: "My project" }) {
    project {
      id
      name
      displayName
      projectPhase
      viewerRole
    }
  }
}
`,
  },
  {
    query: `# Lets victor read the project.
mutation ShareProject {
  grantAccess(input: { project: "my-project", subjectKind: USER, subjectName: "victor", role: VIEW }) {
    member {
      id
      role
      bindingName
    }
  }
}
`,
  },
  {
    query: `# The key that the runs of the project need. No answer has its value.
mutation SetRunnerSecret {
  updateRunnerSecrets(
    input: { project: "my-project", set: [{ key: "ANTHROPIC_API_KEY", value: "not-a-real-key" }] }
  ) {
    runnerSecretKeys
  }
}
`,
  },
  {
    query: `# Creates a session every working day at 9, in your name. The sandbox stores schedules and does not run them.
mutation CreateScheduledSession {
  createScheduledSession(
    input: {
      project: "my-project"
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
    query: `# Who has access to the project, and what is scheduled in it.
query ProjectSettings {
  project(name: "my-project") {
    members {
      subjectKind
      subjectName
      role
      origin
    }
    runnerSecretKeys
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
    query: `# Deletes the project with all that it contains.
mutation DeleteProject {
  deleteProject(name: "my-project") {
    deletedId
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

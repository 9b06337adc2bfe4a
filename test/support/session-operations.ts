/** All that a session itself says. */
export const SESSION_FIELDS = `
  __typename id name projectName uid resourceVersion createdAt deletionTimestamp
  labels { key value } annotations { key value }
  displayName initialPrompt runnerType llmSettings { model temperature maxTokens }
  timeoutSeconds inactivityTimeoutSeconds stopOnRunFinished
  repos { url branch autoPush } environmentVariables { key value }
  createdBy { userId displayName groups verified }
  phase stoppedReason startTime completionTime lastActivityTime
  conditions { type status reason message lastTransitionTime }
  activeWorkflow { gitUrl branch path } mcpServers { custom disabled }
  reconciledRepos { url name branch branches currentActiveBranch defaultBranch status clonedAt }
  reconciledWorkflow { gitUrl branch path status appliedAt }
  parent { name } raw
`;

/** Creates a session, and selects these fields of it. */
export const createSessionMutation = (fields = 'name') =>
  `mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { ${fields} } } }`;

/** Updates a session, and selects these fields of it. */
export const updateSessionMutation = (fields = 'name') =>
  `mutation ($input: UpdateSessionInput!) { updateSession(input: $input) { session { ${fields} } } }`;

/** A page of a project's sessions with these fields of the connection. */
export const sessionsQuery = (fields: string) => `query (
  $project: String!, $first: Int, $after: String,
  $labelSelector: String, $filter: SessionFilter, $orderBy: SessionOrder
) {
  project(name: $project) {
    sessions(first: $first, after: $after, labelSelector: $labelSelector, filter: $filter, orderBy: $orderBy) {
      ${fields}
    }
  }
}`;

/** Fields that select so many sessions of a project, one by one: those that are named s-0, s-1 and so on. */
export const singleSessions = (project: string, count: number) =>
  Array.from(
    { length: count },
    (_, n) => `s${n}: session(project: "${project}", name: "s-${n}") { name }`,
  ).join(' ');

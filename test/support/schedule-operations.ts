/** Fields of a schedule that need no call. */
export const SCHEDULE_FIELDS = `id name projectName displayName resourceVersion createdAt schedule timeZone suspended
  suspendedReason concurrencyPolicy owner { userId displayName groups verified } lastScheduleTime nextScheduleTimes
  sessionTemplate { displayName initialPrompt runnerType llmSettings { model } timeoutSeconds inactivityTimeoutSeconds
    stopOnRunFinished repos { url branch autoPush } environmentVariables { key value } labels { key value }
    annotations { key value } }`;

export const CREATE_SCHEDULE = `mutation ($input: CreateScheduledSessionInput!) {
  createScheduledSession(input: $input) { scheduledSession { ${SCHEDULE_FIELDS} } }
}`;
export const UPDATE_SCHEDULE = `mutation ($input: UpdateScheduledSessionInput!) {
  updateScheduledSession(input: $input) { scheduledSession { ${SCHEDULE_FIELDS} } }
}`;
export const READ_SCHEDULE = `query ($project: String!, $name: String!) {
  scheduledSession(project: $project, name: $name) { ${SCHEDULE_FIELDS} }
}`;

const ofSchedule = (mutation: string, payload: string) =>
  `mutation ($project: String!, $name: String!) { ${mutation}(project: $project, name: $name) { ${payload} } }`;
export const SUSPEND_SCHEDULE = ofSchedule(
  'suspendScheduledSession',
  `scheduledSession { ${SCHEDULE_FIELDS} }`,
);
export const RESUME_SCHEDULE = ofSchedule(
  'resumeScheduledSession',
  `scheduledSession { ${SCHEDULE_FIELDS} }`,
);
export const DELETE_SCHEDULE = ofSchedule('deleteScheduledSession', 'deletedId');
export const TRIGGER_SCHEDULE = ofSchedule(
  'triggerScheduledSession',
  'session { name phase initialPrompt createdBy { userId } labels { key value } annotations { key value } }',
);

/** The input of a schedule, with what a test is about. */
export function scheduleInput(project: string, name: string, more: object = {}) {
  return { project, name, schedule: '0 3 * * *', session: { initialPrompt: 'Check the links' }, ...more };
}

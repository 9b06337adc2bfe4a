import { encodeNodeId } from '../../src/graphql/relay/node-id.ts';
import { schema } from '../../src/graphql/schema.ts';
import { operationsOf } from './operations.ts';

export const SESSION = 'fix-cart-rounding';
const someId = encodeNodeId({ typename: 'AgenticSession', namespace: 'demo', name: SESSION, uid: 'any' });

/** Every field and mutation, with arguments that name what the demo has. */
export const ALL_OPERATIONS = operationsOf(schema, {
  'Query.node': `id: "${someId}"`,
  'Query.nodes': `ids: ["${someId}"]`,
  'Query.project': 'name: "demo"',
  'Query.projects': 'first: 5, orderBy: {field: CREATED_AT, direction: DESC}',
  'Query.session': `project: "demo", name: "${SESSION}"`,
  'Query.scheduledSession': 'project: "demo", name: "nightly"',
  'ScheduledSession.sessions': 'first: 5, orderBy: {field: CREATED_AT, direction: DESC}',
  'ScheduledSession.viewerCan': 'verb: "update"',
  'Project.session': `name: "${SESSION}"`,
  'Project.viewerCan': 'verb: "create"',
  'Project.sessions': 'first: 5, orderBy: {field: CREATED_AT, direction: DESC}',
  'AgenticSession.viewerCan': 'verb: "update"',
  'Viewer.can': 'verb: "create", resource: "secrets", namespace: "demo"',
  'Subscription.sessions': 'project: "demo"',
  'Subscription.session': `project: "demo", name: "${SESSION}"`,
  // Which has ended, so that its logs are complete.
  'Subscription.sessionLogs': 'project: "demo", name: "review-accessibility"',
  'Mutation.startSession': 'project: "demo", name: "document-webhooks"',
  'Mutation.stopSession': 'project: "demo", name: "document-webhooks"',
  'Mutation.cloneSession':
    'input: {project: "demo", name: "fix-cart-rounding", targetProject: "demo", targetName: "a-clone", start: true}',
  // Which only the schedule itself may send.
  'Mutation.runScheduledSession': 'input: {project: "demo", name: "nightly", job: "nightly-29000000"}',
  'Mutation.createSession': 'input: {project: "demo", displayName: "made by a test"}',
  'Mutation.updateSession': 'input: {project: "demo", name: "migrate-ci", displayName: "changed"}',
  // Of it in this order: the schema's mutations are sorted by name.
  'Mutation.createProject': 'input: {name: "a-new-project", displayName: "made by a test"}',
  'Mutation.deleteProject': 'name: "a-new-project"',
  'Mutation.grantAccess': 'input: {project: "demo", subjectKind: GROUP, subjectName: "a-team", role: VIEW}',
  'Mutation.revokeAccess': 'input: {project: "demo", subjectKind: GROUP, subjectName: "a-team"}',
  'Mutation.createAccessKey': `input: {project: "demo", name: "a-key", role: VIEW, expiresAt: "${new Date(Date.now() + 86_400_000).toISOString()}"}`,
  'Mutation.deleteAccessKey': 'project: "demo", name: "a-key"',
  'Mutation.updateProject': 'input: {name: "demo", displayName: "changed"}',
  'Mutation.updateProjectSettings':
    'input: {project: "demo", groupAccess: [{groupName: "demo-viewers", role: VIEW}], inactivityTimeoutSeconds: 3600}',
  'Mutation.updateRunnerSecrets':
    'input: {project: "demo", set: [{key: "MADE_BY_A_TEST", value: "not-a-real-key"}]}',
  'Mutation.deleteSession': 'project: "demo", name: "document-webhooks-retries"',
  'Mutation.createScheduledSession': `input: ${scheduleInput('weekly')}`,
  'Mutation.updateScheduledSession': 'input: {project: "demo", name: "nightly", displayName: "changed"}',
  'Mutation.suspendScheduledSession': 'project: "demo", name: "nightly"',
  'Mutation.resumeScheduledSession': 'project: "demo", name: "nightly"',
  'Mutation.triggerScheduledSession': 'project: "demo", name: "nightly"',
  'Mutation.deleteScheduledSession': 'project: "demo", name: "weekly"',
});

/** Creates the schedules that the operations name. */
export const CREATE_SCHEDULES = `mutation {
  nightly: createScheduledSession(input: ${scheduleInput('nightly')}) { __typename }
  weekly: createScheduledSession(input: ${scheduleInput('weekly')}) { __typename }
}`;
/** Settings with which schedules can be created. Nothing reaches the URL. */
export const SCHEDULE_SETTINGS = {
  WRIT_SCHEDULE_IMAGE: 'localhost/writ:test',
  WRIT_SCHEDULE_URL: 'http://writ.invalid/graphql',
};

function scheduleInput(name: string): string {
  return `{project: "demo", name: "${name}", schedule: "0 3 * * *", session: {initialPrompt: "Check"}}`;
}

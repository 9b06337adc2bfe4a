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
  'Query.session': `project: "demo", name: "${SESSION}"`,
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
  'Mutation.deleteSession': 'project: "demo", name: "document-webhooks-retries"',
});

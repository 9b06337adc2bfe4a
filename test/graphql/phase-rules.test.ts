import { beforeAll, describe, expect, it } from 'vitest';
import {
  ACTIONS_OF_PHASES,
  SESSION_ACTIONS,
  SESSION_PHASES,
  type SessionAction,
} from '../../src/sessions/status/session-phase.ts';
import { ALLOWED_ACTIONS } from '../support/allowed-actions.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const MUTATIONS: Record<SessionAction, string> = {
  START: 'startSession(project: $project, name: $name) { session { name } }',
  STOP: 'stopSession(project: $project, name: $name) { session { name } }',
  UPDATE: 'updateSession(input: {project: $project, name: $name, initialPrompt: "x"}) { session { name } }',
  CLONE:
    'cloneSession(input: {project: $project, name: $name, targetProject: $project}) { session { name } }',
  DELETE: 'deleteSession(project: $project, name: $name) { deletedId }',
};

describe('what can be done to a session', () => {
  // With an operator on the cluster the status is its word, and the phase decides alone.
  const writ = startWrit({ sandbox: { demo: false }, environment: { WRIT_RUNNER: 'operator' } });
  const admin = writ.kubernetes('admin');
  const project = 'phases';
  beforeAll(() => putProject(admin, project));
  // The custom resource admits no phase that Writ does not know.
  const known = SESSION_PHASES.filter((phase) => phase !== 'UNKNOWN');
  const cases = known.flatMap((phase) => SESSION_ACTIONS.map((action) => ({ phase, action })));

  it.each(cases)('in phase $phase: $action', async ({ phase, action }) => {
    const name = `${phase}-${action}`.toLowerCase();
    await putSession(admin, project, name, { status: { phase: phase[0] + phase.slice(1).toLowerCase() } });
    const isAllowed = ALLOWED_ACTIONS[phase].split(' ').includes(action);
    const query = `mutation ($project: String!, $name: String!) { ${MUTATIONS[action]} }`;
    const { data } = await writ.as(
      'admin',
      `{ session(project: "phases", name: "${name}") { availableActions } }`,
    );
    expect(data.session.availableActions.includes(action)).toBe(isAllowed);
    const answer = await writ.as('admin', query, { project, name });
    // A session that ends or has ended stays so: its stop can be repeated.
    const isDone = action === 'STOP' && ['STOPPING', 'STOPPED', 'COMPLETED', 'FAILED'].includes(phase);
    expect(codeOf(answer)).toBe(isAllowed || isDone ? undefined : 'CONFLICT');
  });

  it('is what the one table says', () => {
    const table = Object.entries(ACTIONS_OF_PHASES).map(([phase, actions]) => [phase, actions.join(' ')]);
    expect(Object.fromEntries(table)).toEqual(ALLOWED_ACTIONS);
  });
});

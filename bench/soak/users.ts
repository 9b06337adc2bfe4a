import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../live-clients.ts';
import { clientOf, type Result, type Send } from './client.ts';

/** A member of a project of its own, with an access key as its token. */
export interface User {
  project: string;
  token: string;
}

const MAX_SESSIONS = 20;
const FIELDS = 'name displayName phase createdAt runnerType availableActions';
const LIST = `query ($project: String!) { project(name: $project) { sessions(first: 20) {
  edges { cursor node { ${FIELDS} job { name } } } pageInfo { hasNextPage endCursor } } } }`;
const NEWEST = `query ($project: String!) { project(name: $project) {
  sessions(first: 10, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ${FIELDS} } } } }`;
const SEARCH = `query ($project: String!) { project(name: $project) {
  sessions(first: 10, filter: { search: "slow" }) { nodes { ${FIELDS} } } } }`;
const GET = `query ($project: String!, $name: String!) { session(project: $project, name: $name) {
  ${FIELDS} initialPrompt conditions { type status reason } pods { name } events { reason message } } }`;
const PROJECTS = '{ projects(first: 20) { nodes { name viewerRole } } }';
const CREATE = `mutation ($project: String!, $start: Boolean!) { createSession(input: {
  project: $project, start: $start, displayName: "Soak", initialPrompt: "Say what is slow" }) { session { name } } }`;
const UPDATE = `mutation ($project: String!, $name: String!) {
  updateSession(input: { project: $project, name: $name, displayName: "Renamed" }) { session { name } } }`;
const STOP =
  'mutation ($project: String!, $name: String!) { stopSession(project: $project, name: $name) { session { phase } } }';
const DELETE =
  'mutation ($project: String!, $name: String!) { deleteSession(project: $project, name: $name) { deletedId } }';
const FOLLOW =
  'subscription ($project: String!) { sessions(project: $project) { events { type session { name phase } } } }';

/** Creates a project for each user, through Writ, as an administrator. */
export async function createUsers(url: string, admin: string, count: number): Promise<User[]> {
  const send = clientOf(url, admin);
  const must = async (query: string, input: object) => {
    const { code, data } = await send(query, { input });
    if (code !== 'OK') throw new Error(`${query}: ${code}`);
    return data;
  };
  const users: User[] = [];
  for (let number = 1; number <= count; number += 1) {
    const project = `soak-${number}`;
    await must(
      'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { name } } }',
      { name: project },
    );
    await must(
      'mutation ($input: UpdateRunnerSecretsInput!) { updateRunnerSecrets(input: $input) { __typename } }',
      { project, set: [{ key: 'ANTHROPIC_API_KEY', value: 'none' }] },
    );
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { createAccessKey } = await must(
      'mutation ($input: CreateAccessKeyInput!) { createAccessKey(input: $input) { token } }',
      { project, name: 'soak', role: 'ADMIN', expiresAt },
    );
    users.push({ project, token: createAccessKey.token });
  }
  return users;
}

/** Works as a person with a frontend does, until the signal aborts: mostly reads, some writes, with pauses. */
export async function work(
  url: string,
  { project, token }: User,
  signal: AbortSignal,
  note: (operation: string, result: Result) => void,
): Promise<void> {
  const send: Send = clientOf(url, token);
  const sessions: string[] = [];
  const run = async (operation: string, query: string, variables: object = {}) => {
    const result = await send(query, { project, ...variables });
    note(operation, result);
    return result;
  };
  const any = () => sessions[Math.floor(Math.random() * sessions.length)];
  while (!signal.aborted) {
    await delay(200 + Math.random() * 800, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const dice = Math.random();
    const name = any();
    if (dice < 0.3) await run('list', LIST);
    else if (dice < 0.4) await run('newest', NEWEST);
    else if (dice < 0.45) await run('search', SEARCH);
    else if (dice < 0.5) await run('projects', PROJECTS);
    else if (dice < 0.75 && name) await run('get', GET, { name });
    else if (dice < 0.82 && name) await run('update', UPDATE, { name });
    else if (dice < 0.86 && name) await run('stop', STOP, { name });
    else if (sessions.length >= MAX_SESSIONS || (dice < 0.92 && name)) {
      const oldest = sessions.shift();
      await run('delete', DELETE, { name: oldest });
    } else {
      const { data } = await run('create', CREATE, { start: Math.random() < 0.5 });
      const created = data?.createSession?.session.name;
      if (created) sessions.push(created);
    }
  }
}

/** Follows the sessions of the project over a WebSocket, and begins again when that ends. */
export async function followSessions(
  url: string,
  { project, token }: User,
  signal: AbortSignal,
  note: (what: 'events' | 'ends', count: number) => void,
): Promise<void> {
  while (!signal.aborted) {
    const client = connect(url, token);
    await new Promise<void>((resolve) => {
      const unsubscribe = client.subscribe<{ sessions: { events: unknown[] } }>(
        { query: FOLLOW, variables: { project } },
        {
          next: ({ data }) => note('events', data?.sessions?.events.length ?? 0),
          error: () => resolve(),
          complete: () => resolve(),
        },
      );
      signal.addEventListener('abort', () => unsubscribe(), { once: true });
    });
    await client.dispose();
    if (signal.aborted) return;
    note('ends', 1);
    await delay(500 + Math.random() * 1_000);
  }
}

import { SESSION_GROUP } from '../src/model/session.ts';

/** Of the session with this number. */
export const nameOf = (n: number) => `s${String(n).padStart(4, '0')}`;

/** What is measured: the GraphQL operation, and the call of the cluster's own API that is nearest to it. */
export interface Operation {
  title: string;
  query: string;
  /** `session` is one that nobody has used yet. */
  variables: (project: string, session: string) => Record<string, unknown>;
  raw: (project: string) => { method: 'GET' | 'POST' | 'PATCH'; path: string; body?: object };
  /** Each call needs a session of its own, that was never started. */
  usesUp?: boolean;
  /** It is followed until the snapshot is complete. */
  streams?: boolean;
  /** Which servers besides Writ have it. */
  others: ('stock' | 'floor')[];
}

export type OperationName =
  | 'viewer'
  | 'get'
  | 'page'
  | 'search'
  | 'newest'
  | 'create'
  | 'run'
  | 'start'
  | 'subscribe';

export const FIELDS =
  'id name displayName phase createdAt resourceVersion initialPrompt timeoutSeconds llmSettings { model } repos { url }';
const PROMPT = 'Read the code, find what is slow, and say why. ';
/** The display name of one session in a hundred has it. */
export const SEARCHED = 'payments';

export const sessionsOf = (project: string) =>
  `/apis/${SESSION_GROUP}/v1alpha1/namespaces/${project}/agenticsessions`;

export function session(name: string, displayName = name) {
  return {
    apiVersion: `${SESSION_GROUP}/v1alpha1`,
    kind: 'AgenticSession',
    metadata: { name },
    spec: {
      displayName,
      initialPrompt: PROMPT.repeat(4),
      llmSettings: { model: 'claude-sonnet-4-5', temperature: 0.2 },
      repos: [{ url: 'https://git.example.com/team/service.git', branch: 'main' }],
    },
  };
}

const list = (argumentsOf: string) =>
  `query ($project: String!) { project(name: $project) { sessions(${argumentsOf}) { nodes { ${FIELDS} } } } }`;
const listAll = (project: string) => ({ method: 'GET' as const, path: sessionsOf(project) });
const create = (start: boolean) => ({
  query: `mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { ${FIELDS} } } }`,
  variables: (project: string) => ({
    input: { project, start, displayName: 'Bench', initialPrompt: PROMPT.repeat(4) },
  }),
  raw: (project: string) => {
    const { metadata, ...rest } = session('');
    const body = { ...rest, metadata: { generateName: 'raw-' } };
    return { method: 'POST' as const, path: sessionsOf(project), body };
  },
});

export const OPERATIONS: Record<OperationName, Operation> = {
  viewer: {
    title: 'the viewer (raw: a SelfSubjectReview, which Writ remembers for 10 s)',
    query: '{ viewer { username } }',
    variables: () => ({}),
    raw: () => ({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    }),
    others: ['floor'],
  },
  get: {
    title: 'one session with ten fields',
    query: `query ($project: String!) { session(project: $project, name: "s0001") { ${FIELDS} } }`,
    variables: (project) => ({ project }),
    raw: (project) => ({ method: 'GET', path: `${sessionsOf(project)}/s0001` }),
    others: ['stock', 'floor'],
  },
  page: {
    title: 'a page of 50 sessions with ten fields',
    query: list('first: 50'),
    variables: (project) => ({ project }),
    raw: (project) => ({ method: 'GET', path: `${sessionsOf(project)}?limit=50` }),
    others: ['stock', 'floor'],
  },
  search: {
    title: 'a search that finds 50 sessions (raw: the whole list, unfiltered)',
    query: list(`first: 50, filter: { search: "${SEARCHED}" }`),
    variables: (project) => ({ project }),
    raw: listAll,
    others: ['stock'],
  },
  newest: {
    title: 'the newest 50 sessions (raw: the whole list, unordered)',
    query: list('first: 50, orderBy: { field: CREATED_AT, direction: DESC }'),
    variables: (project) => ({ project }),
    raw: listAll,
    others: ['stock'],
  },
  create: { title: 'createSession with start: false (raw: one POST)', others: [], ...create(false) },
  run: {
    title: 'createSession with a run (raw: one POST of the session alone)',
    others: [],
    ...create(true),
  },
  start: {
    title: 'startSession (raw: one PATCH of a session)',
    query: `mutation ($project: String!, $name: String!) { startSession(project: $project, name: $name) { session { ${FIELDS} } } }`,
    variables: (project, name) => ({ project, name }),
    raw: () => ({
      method: 'PATCH',
      path: `${sessionsOf('few')}/${nameOf(Math.floor(Math.random() * 50))}`,
      body: { spec: { displayName: `changed ${Math.random()}` } },
    }),
    usesUp: true,
    others: [],
  },
  subscribe: {
    title:
      'a subscription until its snapshot of 50 sessions is complete (raw: a list, and a watch from its version)',
    query: `subscription ($project: String!) { sessions(project: $project) { events { type session { ${FIELDS} } } } }`,
    variables: (project) => ({ project }),
    raw: listAll,
    streams: true,
    others: [],
  },
};

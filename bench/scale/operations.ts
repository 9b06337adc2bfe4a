/** What a frontend of the simulation asks for. */
const FIELDS = 'id name displayName phase createdAt runnerType';

export const OPERATIONS = {
  viewer: '{ viewer { username } }',
  list: `query ($project: String!) { project(name: $project) { name
    sessions(first: 50) { nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } } }`,
  newest: `query ($project: String!) { project(name: $project) { name
    sessions(first: 50, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ${FIELDS} } } } }`,
  get: `query ($project: String!, $name: String!) { session(project: $project, name: $name) {
    ${FIELDS} initialPrompt } }`,
  details: `query ($project: String!, $name: String!) { session(project: $project, name: $name) {
    ${FIELDS} initialPrompt job { name } pods { name } events { reason message } } }`,
  rights: `query ($project: String!, $name: String!) { session(project: $project, name: $name) {
    ${FIELDS} availableActions } }`,
  update: `mutation ($project: String!, $name: String!) {
    updateSession(input: { project: $project, name: $name, displayName: "Renamed" }) { session { name } } }`,
  create: `mutation ($project: String!) { createSession(input: {
    project: $project, start: false, displayName: "New", initialPrompt: "Say what is slow" }) { session { name } } }`,
  start: `mutation ($project: String!) { createSession(input: {
    project: $project, displayName: "New", initialPrompt: "Say what is slow" }) { session { name } } }`,
};

export type Operation = keyof typeof OPERATIONS;

/** A frontend's mix, as fractions. */
export const MIX: [Operation, number][] = [
  ['list', 0.45],
  ['details', 0.4],
  ['update', 0.1],
  ['create', 0.03],
  ['start', 0.02],
];

export function pick(dice: number): Operation {
  let rest = dice;
  for (const [operation, fraction] of MIX) {
    if (rest < fraction) return operation;
    rest -= fraction;
  }
  return 'list';
}

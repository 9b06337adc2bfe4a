import {
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { expect } from 'vitest';
import { encodeNodeId } from '../../src/graphql/relay/node-id.ts';
import { schema } from '../../src/graphql/schema.ts';

/** How to come to a type whose fields have arguments. A new one has to be put here. */
const WAYS: Record<string, string> = {
  Query: 'query {',
  Mutation: 'mutation {',
  Subscription: 'subscription {',
  Viewer: 'query { viewer {',
  Project: 'query { project(name: "demo") {',
  AgenticSession: 'query { session(project: "demo", name: "fix-cart-rounding") {',
  ScheduledSession: 'query { scheduledSession(project: "demo", name: "upgrade-postgres-client") {',
};

/** Good values of required arguments and input fields, by their coordinate. */
const GOOD: Record<string, unknown> = {
  project: 'demo',
  name: 'upgrade-postgres-client',
  // There is one of this name: none is created.
  'createProject.input.name': 'demo',
  'updateProject.input.name': 'demo',
  'createSession.input.name': null,
  'createSession.input.start': false,
  targetProject: 'demo',
  'cloneSession.input.targetName': null,
  id: encodeNodeId({ typename: 'Project', namespace: '', name: 'demo', uid: 'x' }),
  ids: [],
  verb: 'get',
  resource: 'pods',
  url: 'https://github.com/example/storefront',
  key: 'team',
  groupName: 'crew',
  role: 'VIEW',
  subjectKind: 'USER',
  subjectName: 'somebody',
  expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  schedule: '0 3 * * *',
  job: 'upgrade-postgres-client-1',
  value: 'red',
};

export interface Coordinate {
  type: string;
  field: string;
  /** From the argument's name; a number is a list's index. */
  path: (string | number)[];
}

/** Every argument and input field that takes a String or an ID. */
export function coordinates(): Coordinate[] {
  const found: Coordinate[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      for (const arg of field.args) {
        for (const path of textsOf(arg.type, [arg.name]))
          found.push({ type: type.name, field: field.name, path });
      }
    }
  }
  return found;
}

function textsOf(type: GraphQLInputType, path: (string | number)[]): (string | number)[][] {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return textsOf(inner.ofType as GraphQLInputType, [...path, 0]);
  if (!isInputObjectType(inner)) return ['String', 'ID'].includes(getNamedType(inner).name) ? [path] : [];
  return Object.values(inner.getFields()).flatMap((field) => textsOf(field.type, [...path, field.name]));
}

/** The operation with `value` in that place, and good values in all places that are required. */
export function operation({ type, field, path }: Coordinate, value: unknown) {
  const way = WAYS[type];
  if (way === undefined) throw new Error(`fields of ${type} have arguments: how is it reached?`);
  const owner = schema.getType(type);
  if (!isObjectType(owner)) throw new Error(type);
  const { args, type: result } = owner.getFields()[field] ?? expect.unreachable();
  const used = args.filter((arg) => isNonNullType(arg.type) || arg.name === path[0]);
  const variables = Object.fromEntries(
    used.map((arg) => [arg.name, inputOf(arg.type, arg.name, [field, arg.name], path, value)]),
  );
  const definitions = used.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const given = used.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isObjectType(getNamedType(result)) || field.startsWith('node') ? '{ __typename }' : '';
  const opened = way.replace('{', `(${definitions}) {`);
  return {
    query: `${opened} ${field}(${given}) ${selection} ${'}'.repeat(way.split('{').length - 1)}`,
    variables,
  };
}

function inputOf(
  type: GraphQLInputType,
  name: string,
  at: string[],
  [here, ...rest]: (string | number)[],
  value: unknown,
): unknown {
  const isTarget = here === name || typeof here === 'number';
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) {
    return isTarget
      ? [inputOf(inner.ofType as GraphQLInputType, name, at, [name, ...rest.slice(1)], value)]
      : [];
  }
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter(
      (field) =>
        field.name === rest[0] || isNonNullType(field.type) || `${at.join('.')}.${field.name}` in GOOD,
    );
    return Object.fromEntries(
      fields.map((field) => [
        field.name,
        inputOf(field.type, field.name, [...at, field.name], isTarget ? rest : [], value),
      ]),
    );
  }
  if (isTarget && rest.length === 0) return value;
  const good = GOOD[at.join('.')] ?? GOOD[name];
  if (good === undefined && isNonNullType(type)) throw new Error(`what is a good ${at.join('.')}?`);
  return good;
}

import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** One operation for each field that the schema can reach: `Project.sessions`, by the shortest way from the root. */
export interface FieldOperation {
  coordinate: string;
  query: string;
  mutation: string | undefined;
  /** The object that a mutation names. */
  name: string | undefined;
  /** That of what it writes: a project is its own. */
  namespace: string;
}

/** Values for arguments, as GraphQL literals, by `Type.field`. A field with required arguments must be here. */
export type ArgumentValues = Record<string, string>;

interface Way {
  /** From the root's opening brace to the type's: `project(name: "demo") { sessions {`. */
  open: string;
  depth: number;
}

/** Throws where a field needs arguments that are not given, so that a new one can't be forgotten. */
export function operationsOf(schema: GraphQLSchema, values: ArgumentValues): FieldOperation[] {
  const query = schema.getQueryType();
  if (!query) throw new Error('no query type');
  const roots = [query, schema.getSubscriptionType()].filter((type) => type != null);
  const ways = new Map<GraphQLObjectType, Way>(
    roots.map((type) => [type, { open: type === query ? 'query {' : 'subscription {', depth: 0 }]),
  );
  const operations: FieldOperation[] = [];
  // Grows while it is gone through: breadth first, so that each type is reached by a shortest way.
  for (const [type, way] of ways) {
    for (const field of Object.values(type.getFields())) {
      const call = callOf(type, field, values);
      operations.push({
        coordinate: `${type.name}.${field.name}`,
        query: `${way.open} ${call} ${leavesOf(getNamedType(field.type))} ${'}'.repeat(way.depth + 1)}`,
        mutation: undefined,
        name: undefined,
        namespace: 'demo',
      });
      const target = getNamedType(field.type);
      if (isObjectType(target) && !ways.has(target)) {
        ways.set(target, { open: `${way.open} ${call} {`, depth: way.depth + 1 });
      }
    }
  }
  // What payloads alone lead to: each mutation selects it.
  const ofPayloads = new Set<GraphQLObjectType>();
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const payload = getNamedType(field.type) as GraphQLObjectType;
    const selection = Object.values(payload.getFields()).map(
      (inner) => `${inner.name} ${selectionOf(getNamedType(inner.type), ways, ofPayloads)}`,
    );
    const call = callOf(schema.getMutationType() as GraphQLObjectType, field, values);
    const named = /\bname: "([^"]*)"/.exec(call)?.[1];
    const isOfProject = /^(create|update|delete)Project$/.test(field.name);
    operations.push({
      coordinate: `Mutation.${field.name}`,
      query: `mutation { ${call} { ${selection.join(' ')} } }`,
      mutation: field.name,
      name: named,
      namespace: (isOfProject && named) || 'demo',
    });
  }
  const known = new Set(operations.map(({ coordinate }) => coordinate));
  const unreached = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && type !== schema.getMutationType())
    .filter((type) => !type.name.endsWith('Payload') && !ofPayloads.has(type as GraphQLObjectType))
    .flatMap((type) =>
      Object.keys((type as GraphQLObjectType).getFields()).map((name) => `${type.name}.${name}`),
    )
    .filter((coordinate) => !known.has(coordinate));
  if (unreached.length > 0) throw new Error(`no operation reaches ${unreached.join(', ')}`);
  return operations;
}

function callOf(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  values: ArgumentValues,
): string {
  const given = values[`${type.name}.${field.name}`];
  if (given) return `${field.name}(${given})`;
  const required = field.args.filter(
    (arg: GraphQLArgument) => isNonNullType(arg.type) && arg.defaultValue === undefined,
  );
  if (required.length > 0) throw new Error(`no values for the arguments of ${type.name}.${field.name}`);
  return field.name;
}

/** The leaves of a type; of one that no query leads to, all that it contains. */
function selectionOf(
  type: GraphQLNamedType,
  ways: ReadonlyMap<GraphQLObjectType, Way>,
  ofPayloads: Set<GraphQLObjectType>,
): string {
  if (!isObjectType(type) || ways.has(type)) return leavesOf(type);
  ofPayloads.add(type);
  const fields = Object.values(type.getFields());
  return `{ ${fields.map(({ name, type }) => `${name} ${selectionOf(getNamedType(type), ways, ofPayloads)}`).join(' ')} }`;
}

/** All fields of a type that need no further selection and no arguments. */
function leavesOf(type: GraphQLNamedType): string {
  if (isLeafType(type)) return '';
  if (isAbstractType(type) || !isObjectType(type)) return '{ __typename }';
  const leaves = Object.values(type.getFields())
    .filter(
      (field) => isLeafType(getNamedType(field.type)) && field.args.every((arg) => !isNonNullType(arg.type)),
    )
    .map((field) => field.name);
  return `{ ${['__typename', ...leaves].join(' ')} }`;
}

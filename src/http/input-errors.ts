import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  isValueNode,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  validateInputValue,
  visit,
} from 'graphql';
import type { FieldError } from '../errors.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The maximum number of errors that are returned: an array may have a million invalid items. */
const MAX_FIELD_ERRORS = 20;

/**
 * The errors in an operation's variables, by the coercion that execution uses, whose own errors have the path only in
 * their message. `path` is dotted and begins with the variable's name.
 *
 * @param hideSuggestions whether messages suggest no names of the schema
 */
export function variableErrors(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Variables,
  hideSuggestions = false,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) continue;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined && (defaultValue || !isNonNullType(type))) continue;
    upTo(MAX_FIELD_ERRORS - errors.length, (report) =>
      validateInputValue(
        value,
        type,
        ({ message }, path) =>
          report(() => errors.push({ path: dotted(name, path), message: withoutValue(message) })),
        hideSuggestions,
      ),
    );
  }
  return errors;
}

/**
 * The dotted path of the argument that an execution error is about; undefined if it is about something else. A valid
 * document has such an error if a nullable variable with a default value is null.
 */
export function argumentPath(error: GraphQLError, document: DocumentNode): string | undefined {
  const invalid = error.nodes?.[0];
  if (!invalid || !isValueNode(invalid)) return undefined;
  // Each object of a list can have the same error.
  const known = ARGUMENT_PATHS.get(invalid);
  if (known !== undefined) return known;
  let argument: string | undefined;
  visit(document, {
    enter(node, _key, _parent, path) {
      if (node !== invalid) return undefined;
      argument = inputPath(document, path);
      return BREAK;
    },
  });
  if (argument !== undefined) ARGUMENT_PATHS.set(invalid, argument);
  return argument;
}

/** By the argument's value in its document. */
const ARGUMENT_PATHS = new WeakMap<ASTNode, string>();

/** Converts a path of keys in the document to the argument's name, input fields and list indices. */
function inputPath(document: DocumentNode, path: readonly (string | number)[]): string {
  let segments: (string | number)[] = [];
  let at = document as unknown as Record<string | number, unknown>;
  for (const [n, key] of path.entries()) {
    at = at[key] as typeof at;
    const { kind, name } = at as { kind?: Kind; name?: { value: string } };
    if (kind === Kind.ARGUMENT) segments = [name?.value ?? ''];
    if (kind === Kind.OBJECT_FIELD) segments.push(name?.value ?? '');
    if (typeof key === 'number' && path[n - 1] === 'values') segments.push(key);
  }
  return segments.join('.');
}

/**
 * A message of graphql-js about an input, without the value that it quotes: that can be a secret, or a whole object with one
 * in it. The client knows what it has sent, and the path says where.
 */
export function withoutValue(message: string): string {
  return message
    .replace(/(,|;|\.) found: .*$/is, '.')
    .replace(/^((?:\w+|Enum "\w+") cannot represent [^:]*): .*$/s, '$1.')
    .replace(/^Value ".*" does not exist in ("\w+" enum)/s, 'The value does not exist in $1');
}

const STOP = Symbol('stop');

/** Runs `check`, and stops it at the first report after `count` of them. */
function upTo(count: number, check: (report: (add: () => void) => void) => void): void {
  let left = count;
  try {
    check((add) => {
      if (left-- <= 0) throw STOP;
      add();
    });
  } catch (thrown) {
    if (thrown !== STOP) throw thrown;
  }
}

function dotted(name: string, path: readonly (string | number)[]): string {
  return [name, ...path].join('.');
}

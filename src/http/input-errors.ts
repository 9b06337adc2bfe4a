import {
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

/** Enough for any form; an array of a million wrong items is answered with this many. */
const MAX_FIELD_ERRORS = 20;

/**
 * What is wrong with an operation's variables, by the same coercion that execution uses, which itself would say
 * where only inside of a message. `path` is dotted and begins with the variable's name.
 */
export function variableErrors(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Variables,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const { variable, type: typeNode, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) continue;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined && (defaultValue || !isNonNullType(type))) continue;
    upTo(MAX_FIELD_ERRORS - errors.length, (report) =>
      validateInputValue(value, type, ({ message }, path) =>
        report(() => errors.push({ path: dotted(name, path), message })),
      ),
    );
  }
  return errors;
}

/**
 * The argument that an execution error points into, dotted: possible in a valid document where a nullable
 * variable with a default is given as null. Undefined: the error is about something else.
 */
export function argumentPath(error: GraphQLError, document: DocumentNode): string | undefined {
  const wrong = error.nodes?.[0];
  if (!wrong || !isValueNode(wrong)) return undefined;
  let found: string | undefined;
  visit(document, {
    enter(node, _key, _parent, path) {
      if (node !== wrong) return undefined;
      found = inputPath(document, path);
      return BREAK;
    },
  });
  return found;
}

/** From a path of keys in the document: the argument's name, then its input fields and list indices. */
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

const STOP = Symbol('enough');

/** Lets `check` report at most `count` times: more stops it. */
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

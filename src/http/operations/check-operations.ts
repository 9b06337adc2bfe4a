import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { QueryTooComplex } from '../../errors.ts';
import type { DocumentChecks } from '../document-checks.ts';
import type { ListedOperation } from './operation-list.ts';

const MAX_PROBLEMS = 20;

/**
 * Checks that the schema and the limits allow all listed operations. The cost is that with the fewest variables: with others,
 * an operation can still be refused. Throws an Error that names each invalid operation, for the administrator.
 */
export function checkOperations(
  operations: readonly ListedOperation[],
  schema: GraphQLSchema,
  checks: DocumentChecks,
): void {
  const problems: string[] = [];
  for (const { id, text } of operations) {
    const [message] = messagesOf(text, schema, checks);
    if (message !== undefined)
      problems.push(`WRIT_OPERATIONS_FILE: the operation ${nameOf(text, id)}: ${message}`);
  }
  if (problems.length > 0) throw new Error(problems.slice(0, MAX_PROBLEMS).join('\n'));
}

function messagesOf(text: string, schema: GraphQLSchema, checks: DocumentChecks): string[] {
  try {
    const document = checks.parse(text);
    const operations = operationsOf(document);
    if (operations.length === 0) return ['it has no operation'];
    const errors = checks.validate(schema, document);
    if (errors.length > 0) return errors.map(({ message }) => message);
    return operations.flatMap((operation) => costProblems(operation, document, schema, checks));
  } catch (error) {
    return [(error as Error).message];
  }
}

function costProblems(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  schema: GraphQLSchema,
  checks: DocumentChecks,
): string[] {
  const operationName = operation.name?.value;
  const variables = fewestVariables(operation, schema);
  return checks
    .validateCost(schema, document, { operationName, variables })
    .filter(({ originalError }) => originalError instanceof QueryTooComplex)
    .map(({ message }) => message);
}

function operationsOf({ definitions }: DocumentNode): OperationDefinitionNode[] {
  return definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
}

/** A value for each variable that has to have one. */
function fewestVariables(operation: OperationDefinitionNode, schema: GraphQLSchema): Record<string, unknown> {
  const required = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node);
    return isInputType(type) && isNonNullType(type) && !defaultValue
      ? [[variable.name.value, anyValue(type.ofType)] as const]
      : [];
  });
  return Object.fromEntries(required);
}

function anyValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return anyValue(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(fields.map((field) => [field.name, anyValue(field.type)]));
  }
  return type.name === 'String' || type.name === 'ID' ? 'x' : type.name === 'Boolean' ? false : 1;
}

/** As an operator finds it in the source of a frontend. */
function nameOf(text: string, id: string): string {
  const name = /\b(?:query|mutation|subscription)\s+(\w+)/.exec(text)?.[1];
  return name === undefined ? id : `${name} (${id})`;
}

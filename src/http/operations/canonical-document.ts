import { hash } from 'node:crypto';
import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * A hash that documents have in common which differ in white space, comments, and the order of definitions, variables,
 * arguments and selected fields alone: code generators print documents in an order of their own. The fields of a mutation
 * are executed in order, so where there are several, the order of all selections counts.
 */
export function canonicalHash({ definitions }: DocumentNode): string {
  const isSorted = !definitions.some(hasOrderedFields);
  return hash('sha256', sorted(definitions.map(definitionText)).join('\n'));

  function definitionText(node: DefinitionNode): string {
    if (node.kind === Kind.FRAGMENT_DEFINITION) {
      const { name, typeCondition, directives, selectionSet } = node;
      return `fragment ${name.value} on ${typeCondition.name.value}${texts(directives)}${selections(selectionSet)}`;
    }
    if (node.kind !== Kind.OPERATION_DEFINITION) return print(node);
    const { operation, name, variableDefinitions, directives, selectionSet } = node;
    const variables = sorted(texts(variableDefinitions)).join();
    return `${operation} ${name?.value ?? ''}(${variables})${texts(directives)}${selections(selectionSet)}`;
  }

  // Each part is printed once, so that a deep document costs no more than a wide one.
  function selections(node: SelectionSetNode | undefined): string {
    if (!node) return '';
    const each = node.selections.map(selectionText);
    return `{${(isSorted ? sorted(each) : each).join(' ')}}`;
  }

  function selectionText(node: SelectionNode): string {
    if (node.kind === Kind.FRAGMENT_SPREAD) return print(node);
    const directives = texts(node.directives);
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const type = node.typeCondition ? ` on ${node.typeCondition.name.value}` : '';
      return `...${type}${directives}${selections(node.selectionSet)}`;
    }
    const alias = node.alias ? `${node.alias.value}:` : '';
    const values = sorted(texts(node.arguments)).join();
    return `${alias}${node.name.value}(${values})${directives}${selections(node.selectionSet)}`;
  }
}

function hasOrderedFields(definition: DefinitionNode): boolean {
  if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== OperationTypeNode.MUTATION) {
    return false;
  }
  const [first, ...others] = definition.selectionSet.selections;
  return others.length > 0 || first?.kind !== Kind.FIELD;
}

function texts(nodes: readonly ASTNode[] = []): string[] {
  return nodes.map((node) => print(node));
}

function sorted(values: readonly string[]): string[] {
  return values.toSorted();
}

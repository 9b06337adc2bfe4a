import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** The size of an operation with its fragments expanded, regardless of types. */
export interface DocumentSize {
  /** The maximum nesting of fields. */
  depth: number;
  fields: number;
  rootFields: number;
  aliases: number;
  directives: number;
}

const ZERO: DocumentSize = { depth: 0, fields: 0, rootFields: 0, aliases: 0, directives: 0 };

/**
 * The maximum of each measure over a document's operations. Each fragment is measured once, so that the cost is linear in
 * the document's length even if its fragments expand to billions of fields. A fragment inside itself counts as zero:
 * validation rejects it later.
 */
export function documentSize(document: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  const measured = new Map<string, DocumentSize>();
  return operations.map((operation) => sizeOf(operation)).reduce(maximum, ZERO);

  function sizeOf({ selectionSet, directives = [] }: HasSelections): DocumentSize {
    const size = { ...ZERO, directives: directives.length };
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const inner = sizeOf(selection);
        size.depth = Math.max(size.depth, inner.depth + 1);
        size.fields += inner.fields + 1;
        size.rootFields += 1;
        size.aliases += inner.aliases + (selection.alias ? 1 : 0);
        size.directives += inner.directives;
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT ? sizeOf(selection) : fragmentSize(selection.name.value);
        const spread = selection.kind === Kind.FRAGMENT_SPREAD ? (selection.directives?.length ?? 0) : 0;
        size.depth = Math.max(size.depth, inner.depth);
        size.fields += inner.fields;
        size.rootFields += inner.rootFields;
        size.aliases += inner.aliases;
        size.directives += inner.directives + spread;
      }
    }
    return size;
  }

  function fragmentSize(name: string): DocumentSize {
    const cached = measured.get(name);
    if (cached) return cached;
    measured.set(name, ZERO);
    const fragment = fragments.get(name);
    const size = fragment ? sizeOf(fragment) : ZERO;
    measured.set(name, size);
    return size;
  }
}

interface HasSelections {
  selectionSet?: SelectionSetNode | undefined;
  directives?: readonly unknown[] | undefined;
}

function maximum(a: DocumentSize, b: DocumentSize): DocumentSize {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: Math.max(a.fields, b.fields),
    rootFields: Math.max(a.rootFields, b.rootFields),
    aliases: Math.max(a.aliases, b.aliases),
    directives: Math.max(a.directives, b.directives),
  };
}

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation is, with its fragments written out; without regard to types. */
export interface DocumentSize {
  /** Fields within fields. */
  depth: number;
  /** Fields in all. */
  fields: number;
  rootFields: number;
  aliases: number;
  directives: number;
}

const NOTHING: DocumentSize = { depth: 0, fields: 0, rootFields: 0, aliases: 0, directives: 0 };

/**
 * The size of a document's largest operation. Each fragment is measured once, so that a document of fragments
 * that expand to billions of fields costs no more than its own length; a fragment within itself counts as
 * nothing, as validation refuses it afterwards.
 */
export function documentSize(document: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  const measured = new Map<string, DocumentSize>();
  return operations
    .map((operation) => sizeOf(operation))
    .reduce((largest, size) => combine(largest, size, Math.max), NOTHING);

  function sizeOf({ selectionSet, directives = [] }: Measurable): DocumentSize {
    const size = { ...NOTHING, directives: directives.length };
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
    const known = measured.get(name);
    if (known) return known;
    measured.set(name, NOTHING);
    const fragment = fragments.get(name);
    const size = fragment ? sizeOf(fragment) : NOTHING;
    measured.set(name, size);
    return size;
  }
}

interface Measurable {
  selectionSet?: SelectionSetNode | undefined;
  directives?: readonly unknown[] | undefined;
}

function combine(a: DocumentSize, b: DocumentSize, by: (a: number, b: number) => number): DocumentSize {
  return {
    depth: by(a.depth, b.depth),
    fields: by(a.fields, b.fields),
    rootFields: by(a.rootFields, b.rootFields),
    aliases: by(a.aliases, b.aliases),
    directives: by(a.directives, b.directives),
  };
}

import { hash } from 'node:crypto';
import { type DocumentNode, Kind, parse } from 'graphql';
import { canonicalHash } from './canonical-document.ts';

/** A document that clients may execute. */
export interface ListedOperation {
  /** A hash, or another id of the manifest. */
  id: string;
  text: string;
}

/** The operations that an operator of Writ has listed. It does not change. */
export class OperationList {
  /** The names of all operations: for labels, of which there may only be so many. */
  readonly names: ReadonlySet<string>;
  readonly operations: readonly ListedOperation[];
  readonly #byId = new Map<string, string>();
  readonly #byCanonicalText = new Map<string, string>();

  /** Errors: an Error for the administrator that names an operation which is not GraphQL. */
  constructor(operations: readonly ListedOperation[]) {
    const names = new Set<string>();
    for (const { id, text } of operations) {
      const document = parseListed(id, text);
      for (const name of namesOf(document)) names.add(name);
      const canonical = canonicalHash(document);
      const listed = this.#byCanonicalText.get(canonical) ?? text;
      this.#byId.set(id, listed);
      this.#byId.set(hash('sha256', text), listed);
      this.#byCanonicalText.set(canonical, listed);
    }
    this.operations = operations;
    this.names = names;
  }

  /** The document with this id. */
  byId(id: string): string | undefined {
    return this.#byId.get(id);
  }

  /** The listed document with this text, as it is listed first. */
  byText(text: string): string | undefined {
    return this.#byId.get(hash('sha256', text));
  }

  /** The listed document that means the same as this one; see {@link canonicalHash}. */
  byDocument(document: DocumentNode): string | undefined {
    return this.#byCanonicalText.get(canonicalHash(document));
  }
}

/** The names of a document's operations. */
export function namesOf(document: DocumentNode): string[] {
  return document.definitions.flatMap((each) =>
    each.kind === Kind.OPERATION_DEFINITION && each.name ? [each.name.value] : [],
  );
}

function parseListed(id: string, text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch (error) {
    throw new Error(`WRIT_OPERATIONS_FILE: the operation ${id} is invalid: ${(error as Error).message}`);
  }
}

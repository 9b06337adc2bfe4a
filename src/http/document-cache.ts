import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { CacheCounter, type CacheFigures } from '../budgets/cache-figures.ts';

/** The maximum size of all cached documents in bytes, and what a token with its part of the document takes. */
const CACHE_BYTES = 16 * 1024 * 1024;
const TOKEN_BYTES = 400;

/** Valid documents by their text. */
export class DocumentCache {
  readonly #documents = new LRUCache<string, DocumentNode>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (document, text) => 2 * text.length + TOKEN_BYTES * countTokens(document),
  });
  readonly #counter = new CacheCounter(this.#documents);

  get figures(): CacheFigures {
    return this.#counter.figures;
  }

  find(text: string): DocumentNode | undefined {
    return this.#counter.counted(this.#documents.get(text));
  }

  has(text: string, document: DocumentNode): boolean {
    return this.#documents.peek(text) === document;
  }

  add(text: string, document: DocumentNode): void {
    this.#documents.set(text, document);
  }
}

/** The document's tokens, comments included. */
export function countTokens(document: DocumentNode): number {
  let count = 0;
  for (let token = document.loc?.startToken; token; token = token.next ?? undefined) count += 1;
  // Without those for the start and the end, which the parser does not count either.
  return Math.max(0, count - 2);
}

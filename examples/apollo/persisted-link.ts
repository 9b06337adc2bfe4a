import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { DocumentNode } from 'graphql';

/** What the code generator adds to the document of each operation. */
interface Generated extends DocumentNode {
  __meta__?: { hash?: string };
}

/** Sends the hash of each operation in place of its document, by which Writ finds it in persisted-documents.json. */
export function createPersistedLink(): PersistedQueryLink {
  return new PersistedQueryLink({ generateHash: hashOf });
}

function hashOf(document: Generated): string {
  const hash = document.__meta__?.hash;
  if (hash === undefined) throw new Error('The document is not one of those in generated/');
  return hash;
}

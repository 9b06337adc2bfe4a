import { GraphQLError } from 'graphql';

interface Params {
  query?: unknown;
  extensions?: unknown;
}

/**
 * Clients that send the hash of a document first recognize the refusal by its code or its message, and send the document
 * from then on: https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export function refusePersistedQuery({ query, extensions }: Params): void {
  if (query || !hasPersistedQuery(extensions)) return;
  throw new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
  });
}

/** graphql-ws closes the connection for a `subscribe` without a document: gives it an empty one if it has a hash instead. */
export function withDocument(message: string): string {
  if (!message.includes('"persistedQuery"')) return message;
  try {
    const { type, payload, ...rest } = JSON.parse(message);
    if (type !== 'subscribe' || 'query' in payload || !hasPersistedQuery(payload.extensions)) return message;
    return JSON.stringify({ ...rest, type, payload: { ...payload, query: '' } });
  } catch {
    return message;
  }
}

function hasPersistedQuery(extensions: unknown): boolean {
  return typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions;
}

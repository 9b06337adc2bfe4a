import { badRequest } from '../bad-request.ts';

/** Parameters of an operation, as a client has sent them. */
export interface SentParams {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

const MAX_ID_LENGTH = 135;

/** Whether the client names a document by an id, in whatever form. */
export function hasDocumentId({ documentId, extensions }: SentParams): boolean {
  return documentId != null || persistedQueryOf(extensions) !== undefined;
}

/**
 * The id by which a client names a document: the `documentId` of GraphQL over HTTP (draft, appendix A), or the hash of
 * Apollo's protocol, which is for a hash alone. The prefix `sha256:` is not part of it. Errors: BAD_REQUEST.
 */
export function documentIdOf({ documentId, extensions }: SentParams): string | undefined {
  const persistedQuery = persistedQueryOf(extensions);
  const ids = [
    ...(documentId == null ? [] : [idOf(documentId, 'documentId')]),
    ...(persistedQuery === undefined ? [] : [hashOf(persistedQuery)]),
  ];
  const [id] = ids;
  if (ids.some((other) => other !== id)) {
    throw badRequest('"documentId" and "extensions.persistedQuery.sha256Hash" are of different documents');
  }
  return id;
}

function persistedQueryOf(extensions: unknown): unknown {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  return Object.hasOwn(extensions, 'persistedQuery')
    ? ((extensions as { persistedQuery: unknown }).persistedQuery ?? undefined)
    : undefined;
}

/** https://www.apollographql.com/docs/apollo-server/performance/apq */
function hashOf(persistedQuery: unknown): string {
  const { version, sha256Hash } = Object(persistedQuery) as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1) throw badRequest('"extensions.persistedQuery.version" must be 1');
  return idOf(sha256Hash, 'extensions.persistedQuery.sha256Hash');
}

function idOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID_LENGTH) {
    throw badRequest(`"${name}" must be a string of 1 to ${MAX_ID_LENGTH} characters`);
  }
  return value.replace(/^sha256:/, '');
}

/** graphql-ws closes the connection for a `subscribe` without a document: gives it an empty one if it has an id instead. */
export function withDocument(message: string): string {
  if (!message.includes('"persistedQuery"') && !message.includes('"documentId"')) return message;
  try {
    const { type, payload, ...rest } = JSON.parse(message);
    if (type !== 'subscribe' || 'query' in payload || !hasDocumentId(payload)) return message;
    return JSON.stringify({ ...rest, type, payload: { ...payload, query: '' } });
  } catch {
    return message;
  }
}

export type JsonMediaType = 'application/json' | 'application/graphql-response+json';

export interface Accepted {
  /** What a single result is sent as; undefined: as an event stream. */
  json: JsonMediaType | undefined;
  eventStream: boolean;
  /** None of what Writ speaks: the refusal itself is `application/json`. */
  nothing: boolean;
}

interface Range {
  type: string;
  q: number;
}

/**
 * What the client accepts (RFC 9110 section 12.5.1). Yoga's own negotiation ignores q-values; the server hands it
 * the outcome of this one as the only Accept header. Without a preference it is `application/json`, as GraphQL
 * over HTTP has it for clients that send no Accept.
 */
export function negotiate(accept = '*/*'): Accepted {
  const ranges = accept.split(',').flatMap(parseRange);
  const json = quality(ranges, 'application/json');
  const graphql = quality(ranges, 'application/graphql-response+json');
  const eventStream = quality(ranges, 'text/event-stream') > 0;
  const nothing = json === 0 && graphql === 0 && !eventStream;
  return { json: nothing ? 'application/json' : preferred(ranges, json, graphql), eventStream, nothing };
}

/** The Accept header that says the same to Yoga. */
export function acceptHeader({ json, eventStream }: Accepted): string {
  return [eventStream && 'text/event-stream', json].filter(Boolean).join(', ');
}

function preferred(ranges: Range[], json: number, graphql: number): JsonMediaType | undefined {
  if (json === 0 && graphql === 0) return undefined;
  if (json !== graphql) return json > graphql ? 'application/json' : 'application/graphql-response+json';
  const named = ranges.find(
    ({ type }) => type === 'application/json' || type.startsWith('application/graphql'),
  );
  return named?.type === 'application/graphql-response+json' ? named.type : 'application/json';
}

function quality(ranges: Range[], type: string): number {
  const [group] = type.split('/');
  const match = [type, `${group}/*`, '*/*']
    .map((wanted) => ranges.find((range) => range.type === wanted))
    .find((range) => range !== undefined);
  return match?.q ?? 0;
}

function parseRange(text: string): Range[] {
  const [type = '', ...parameters] = text.toLowerCase().replace(/\s/g, '').split(';');
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (type === '' || (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset))) return [];
  const q = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return Number.isFinite(q) ? [{ type, q }] : [];
}

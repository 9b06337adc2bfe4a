export type JsonMediaType = 'application/json' | 'application/graphql-response+json';

export interface Accepted {
  /** The media type of a single result; undefined if only an event stream is acceptable. */
  json: JsonMediaType | undefined;
  eventStream: boolean;
  /** The client accepts none of Writ's media types: 406, with a body of `application/json`. */
  notAcceptable: boolean;
}

interface Range {
  type: string;
  q: number;
}

/**
 * Negotiates the media type of the response (RFC 9110, section 12.5.1). Yoga's own negotiation ignores q-values, so the
 * server passes it this outcome as the Accept header. Without a preference it is `application/json`, which GraphQL over
 * HTTP prescribes for clients that send no Accept header.
 */
export function negotiate(accept = '*/*'): Accepted {
  const ranges = accept.split(',').flatMap(parseRange);
  const json = quality(ranges, 'application/json');
  const graphql = quality(ranges, 'application/graphql-response+json');
  const eventStream = quality(ranges, 'text/event-stream') > 0;
  const notAcceptable = json === 0 && graphql === 0 && !eventStream;
  return {
    json: notAcceptable ? 'application/json' : preferred(ranges, json, graphql),
    eventStream,
    notAcceptable,
  };
}

/** The outcome as an Accept header for Yoga. */
export function acceptHeader({ json, eventStream }: Accepted): string {
  return [eventStream && 'text/event-stream', json].filter(Boolean).join(', ');
}

/**
 * Whether the client prefers a response that is compressed with gzip, by its header Accept-Encoding (RFC 9110, section
 * 12.5.3). Without the header it gets none: clients that do not send it often cannot decompress.
 */
export function acceptsGzip(acceptEncoding?: string): boolean {
  return acceptsCoding(acceptEncoding, 'gzip', 'x-gzip');
}

/** The same of Brotli, which browsers accept over HTTPS and from this machine. */
export function acceptsBrotli(acceptEncoding?: string): boolean {
  return acceptsCoding(acceptEncoding, 'br');
}

function acceptsCoding(acceptEncoding = '', ...names: string[]): boolean {
  const codings = acceptEncoding.split(',').flatMap(parseRange);
  const weight = (...wanted: string[]) => codings.find(({ type }) => wanted.includes(type))?.q;
  const coding = weight(...names) ?? weight('*') ?? 0;
  return coding > 0 && coding >= (weight('identity') ?? 0);
}

function preferred(ranges: Range[], json: number, graphql: number): JsonMediaType | undefined {
  if (json === 0 && graphql === 0) return undefined;
  if (json !== graphql) return json > graphql ? 'application/json' : 'application/graphql-response+json';
  const first = ranges.find(
    ({ type }) => type === 'application/json' || type.startsWith('application/graphql'),
  );
  return first?.type === 'application/graphql-response+json' ? first.type : 'application/json';
}

function quality(ranges: Range[], type: string): number {
  const [group] = type.split('/');
  const match = [type, `${group}/*`, '*/*']
    .map((pattern) => ranges.find((range) => range.type === pattern))
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

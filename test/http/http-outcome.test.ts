import { type ExecutionResult, GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors.ts';
import { TRANSPORT_CODES } from '../../src/http/client-error.ts';
import { httpOutcome } from '../../src/http/http-status.ts';

const JSON_TYPE = 'application/json';
const GRAPHQL = 'application/graphql-response+json';

/** The status of a response without data, by code: for GraphQL's own media type, and for JSON. */
const STATUSES: [code: string, graphql: number, json: number][] = [
  ['UNAUTHENTICATED', 401, 401],
  ['FORBIDDEN', 403, 403],
  ['BAD_USER_INPUT', 400, 200],
  ['NOT_FOUND', 404, 404],
  ['CONFLICT', 409, 409],
  ['EXPIRED', 400, 400],
  ['TOO_MANY_REQUESTS', 429, 429],
  ['QUERY_TOO_COMPLEX', 400, 200],
  ['UNAVAILABLE', 503, 503],
  ['TIMEOUT', 504, 504],
  ['INTERNAL', 500, 500],
  ['GRAPHQL_PARSE_FAILED', 400, 200],
  ['GRAPHQL_VALIDATION_FAILED', 400, 200],
  ['OPERATION_RESOLUTION_FAILURE', 400, 200],
  ['PERSISTED_QUERY_NOT_FOUND', 400, 200],
  ['PERSISTED_QUERY_NOT_SUPPORTED', 400, 200],
  ['BAD_REQUEST', 400, 400],
];

type Extensions = Record<string, unknown>;
type MediaType = Parameters<typeof httpOutcome>[2];

/** The outcome for errors with these extensions, and this data if it is given. */
function outcome(mediaType: MediaType, errors: Extensions[], data?: ExecutionResult['data']) {
  const thrown = errors.map((extensions) => new GraphQLError('Failed', { extensions }));
  // As the server masks errors: without the transport's own extension.
  const masked = errors.map(({ http: _, ...extensions }) => new GraphQLError('Failed', { extensions }));
  const result = { ...(data !== undefined && { data }), ...(masked.length > 0 && { errors: masked }) };
  return httpOutcome(result, thrown, mediaType);
}

const challenge = { 'WWW-Authenticate': 'Bearer' };
const MEDIA_TYPES = [GRAPHQL, JSON_TYPE] as const;

describe('the HTTP status of a response without data', () => {
  it('is given for each code', () => {
    const codes = STATUSES.map(([code]) => code);
    expect(codes.sort()).toEqual([...ERROR_CODES, ...TRANSPORT_CODES].sort());
  });

  it.each(STATUSES)('for %s is %i, and %i for JSON', (code, graphql, json) => {
    const headers = code === 'UNAUTHENTICATED' ? challenge : {};
    expect(outcome(GRAPHQL, [{ code }])).toEqual({ status: graphql, headers });
    expect(outcome(JSON_TYPE, [{ code }])).toEqual({ status: json, headers });
  });

  it.each([
    ['an unknown code', [{ code: 'TEAPOT' }], 400],
    ['a code that is a number', [{ code: 404 }], 400],
    ['no code', [{}], 400],
    ['the first of several codes', [{ code: 'NOT_FOUND' }, { code: 'FORBIDDEN' }], 404],
    ['a 401 among the codes', [{ code: 'NOT_FOUND' }, { code: 'UNAUTHENTICATED' }], 401],
    [
      'a 401 after a bad request',
      [{ code: 'BAD_REQUEST', http: { status: 405 } }, { code: 'UNAUTHENTICATED' }],
      401,
    ],
    ['a code with a status of its own', [{ code: 'CONFLICT', http: { status: 418 } }], 409],
    ['an unknown code with a status of its own', [{ code: 'TEAPOT', http: { status: 418 } }], 400],
  ])('is by %s', (_, errors, status) => {
    for (const mediaType of MEDIA_TYPES) expect(outcome(mediaType, errors).status).toBe(status);
  });

  it.each([
    ['its own status and headers', { status: 405, headers: { Allow: 'POST' } }, 405, { Allow: 'POST' }],
    ['its own status', { status: 413 }, 413, {}],
    ['400 without a status', { headers: { Allow: 'POST' } }, 400, {}],
    ['400 without anything', undefined, 400, {}],
  ])('for a BAD_REQUEST has %s', (_, http, status, headers) => {
    for (const mediaType of MEDIA_TYPES) {
      expect(outcome(mediaType, [{ code: 'BAD_REQUEST', http }])).toEqual({ status, headers });
    }
  });
});

describe('the header Retry-After', () => {
  it.each([
    ['whole seconds', 'TOO_MANY_REQUESTS', 7, '7'],
    ['no time', 'TOO_MANY_REQUESTS', 0, '0'],
    ['a fraction of a second, rounded up', 'TOO_MANY_REQUESTS', 0.2, '1'],
    ['seconds of another code', 'UNAVAILABLE', 30, '30'],
  ])('is %s', (_, code, retryAfterSeconds, header) => {
    for (const mediaType of MEDIA_TYPES) {
      expect(outcome(mediaType, [{ code, retryAfterSeconds }]).headers).toEqual({ 'Retry-After': header });
    }
  });

  it.each([
    ['without seconds', [{ code: 'TOO_MANY_REQUESTS' }], undefined],
    ['for seconds that are text', [{ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: '7' }], undefined],
    [
      'for an error behind another',
      [{ code: 'CONFLICT' }, { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 7 }],
      undefined,
    ],
    ['beside data', [{ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 7 }], { hello: null }],
  ])('is absent %s', (_, errors, data) => {
    for (const mediaType of MEDIA_TYPES) expect(outcome(mediaType, errors, data).headers).toEqual({});
  });
});

describe('the HTTP status of a response whose execution has begun', () => {
  it.each(STATUSES)('is 200 with %s beside data', (code) => {
    for (const mediaType of MEDIA_TYPES) {
      const http = { status: 418, headers: { Allow: 'POST' } };
      expect(outcome(mediaType, [{ code, http }], { hello: null })).toEqual({ status: 200, headers: {} });
    }
  });

  it.each(STATUSES.filter(([code]) => code !== 'UNAUTHENTICATED'))(
    'is 200 with %s and no data left',
    (code) => {
      for (const mediaType of MEDIA_TYPES) {
        expect(outcome(mediaType, [{ code }], null)).toEqual({ status: 200, headers: {} });
      }
    },
  );

  it.each([
    ['alone', [{ code: 'UNAUTHENTICATED' }]],
    ['behind another error', [{ code: 'CONFLICT' }, { code: 'UNAUTHENTICATED' }]],
  ])('is 401 with UNAUTHENTICATED %s and no data left', (_, errors) => {
    for (const mediaType of MEDIA_TYPES) {
      expect(outcome(mediaType, errors, null)).toEqual({ status: 401, headers: challenge });
    }
  });

  it.each([
    ['data', { hello: 'you' }],
    ['no data', null],
  ])('is 200 with %s and no errors', (_, data) => {
    for (const mediaType of MEDIA_TYPES) {
      expect(outcome(mediaType, [], data)).toEqual({ status: 200, headers: {} });
    }
  });
});

describe('the HTTP status of an event stream', () => {
  it.each(STATUSES)('is 200 with %s', (code) => {
    const errors = [{ code, retryAfterSeconds: 7, http: { status: 405 } }];
    expect(outcome(undefined, errors)).toEqual({ status: 200, headers: {} });
    expect(outcome(undefined, errors, null)).toEqual({ status: 200, headers: {} });
  });
});

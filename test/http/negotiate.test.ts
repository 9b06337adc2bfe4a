import { describe, expect, it } from 'vitest';
import { acceptHeader, negotiate } from '../../src/http/negotiate.ts';

const JSON_TYPE = 'application/json';
const GRAPHQL = 'application/graphql-response+json';

describe('a single result is sent', () => {
  it.each([
    ['no Accept header', undefined, JSON_TYPE],
    ['anything', '*/*', JSON_TYPE],
    ['any application type', 'application/*', JSON_TYPE],
    ['JSON', JSON_TYPE, JSON_TYPE],
    ['GraphQL', GRAPHQL, GRAPHQL],
    ['JSON with a lower q', `${GRAPHQL}, ${JSON_TYPE};q=0.9`, GRAPHQL],
    ['GraphQL with a lower q', `${GRAPHQL};q=0.5, ${JSON_TYPE}`, JSON_TYPE],
    ['both, JSON first', `${JSON_TYPE}, ${GRAPHQL}`, JSON_TYPE],
    ['both, GraphQL first', `${GRAPHQL}, ${JSON_TYPE}`, GRAPHQL],
    ['both with the same q, GraphQL first', `${GRAPHQL};q=0.5, ${JSON_TYPE};q=0.5`, GRAPHQL],
    ['GraphQL, else anything', `${GRAPHQL}, */*`, GRAPHQL],
    ['anything, and GraphQL', `*/*, ${GRAPHQL}`, GRAPHQL],
    ['JSON, else anything', `${JSON_TYPE}, */*`, JSON_TYPE],
    ['GraphQL, else any application type', `${GRAPHQL}, application/*;q=0.1`, GRAPHQL],
    ['anything with a lower q', `text/html, */*;q=0.1`, JSON_TYPE],
    ['anything but JSON', `${JSON_TYPE};q=0, */*`, GRAPHQL],
    ['anything but GraphQL', `${GRAPHQL};q=0, */*`, JSON_TYPE],
    ['JSON, but no other application type', `application/*;q=0, ${JSON_TYPE}`, JSON_TYPE],
    ['JSON less than other application types', `application/*, ${JSON_TYPE};q=0.5`, GRAPHQL],
    ['JSON among other types', `multipart/mixed, ${JSON_TYPE}`, JSON_TYPE],
    ['JSON or an event stream', `text/event-stream, ${JSON_TYPE}`, JSON_TYPE],
    ['JSON in UTF-8', `${JSON_TYPE}; charset=utf-8`, JSON_TYPE],
    ['JSON in quoted UTF-8', `${JSON_TYPE};charset="UTF8"`, JSON_TYPE],
    ['JSON with a parameter', `${JSON_TYPE};profile=x`, JSON_TYPE],
    ['GraphQL in another charset, else JSON', `${GRAPHQL};charset=latin1, ${JSON_TYPE};q=0.1`, JSON_TYPE],
    [
      'GraphQL in capitals and with spaces',
      ` Application/GraphQL-Response+JSON ; Q=1 ,${JSON_TYPE}; q=0.1`,
      GRAPHQL,
    ],
    ['GraphQL with a q that is no number, else JSON', `${GRAPHQL};q=high, ${JSON_TYPE};q=0.1`, JSON_TYPE],
    ['GraphQL twice, by its first q', `${GRAPHQL};q=0.1, ${GRAPHQL}, ${JSON_TYPE};q=0.5`, JSON_TYPE],
    ['JSON behind an empty range', `, ,${JSON_TYPE}`, JSON_TYPE],
  ])('to a client that accepts %s', (_, accept, json) => {
    expect(negotiate(accept)).toMatchObject({ json, notAcceptable: false });
  });

  it.each([
    ['an event stream alone', 'text/event-stream'],
    ['any text', 'text/*'],
    ['an event stream, and no application type', 'text/event-stream, application/*;q=0'],
    ['an event stream, and nothing else', 'text/event-stream, */*;q=0'],
  ])('as an event stream to a client that accepts %s', (_, accept) => {
    expect(negotiate(accept)).toEqual({ json: undefined, eventStream: true, notAcceptable: false });
  });
});

describe('an event stream', () => {
  it.each([
    ['no Accept header', undefined, true],
    ['anything', '*/*', true],
    ['any text', 'text/*', true],
    ['JSON as well', `text/event-stream, ${JSON_TYPE}`, true],
    ['it with the lowest q', `${JSON_TYPE}, text/event-stream;q=0.001`, true],
    ['JSON', JSON_TYPE, false],
    ['GraphQL', GRAPHQL, false],
    ['any application type', 'application/*', false],
    ['anything else', 'text/event-stream;q=0, */*', false],
    ['no text', `text/*;q=0, */*`, false],
    ['another text', `text/plain, ${JSON_TYPE}`, false],
    ['it in another charset', `text/event-stream;charset=latin1, ${JSON_TYPE}`, false],
  ])('for a client that accepts %s', (_, accept, eventStream) => {
    expect(negotiate(accept).eventStream).toBe(eventStream);
  });
});

describe('nothing is acceptable', () => {
  it.each([
    ['an image', 'image/png'],
    ['multipart alone', 'multipart/mixed'],
    ['another text', 'text/plain'],
    ['JSON in another charset', `${JSON_TYPE};charset=latin1`],
    ['JSON by the beginning of its name', 'application/js'],
    ['a longer name', `${JSON_TYPE}x`],
    ['nothing', '*/*;q=0'],
    ['neither JSON', `${JSON_TYPE};q=0, ${GRAPHQL};q=0.0`],
    ['what has no q', `${JSON_TYPE};q=`],
    ['what has a q that is no number', `${JSON_TYPE};q=high`],
    ['an empty header', ''],
    ['a header of spaces', '  '],
    ['empty ranges', ',,;,'],
    ['parameters alone', ';q=1'],
  ])('for a client that accepts %s: the error is JSON', (_, accept) => {
    expect(negotiate(accept)).toEqual({ json: JSON_TYPE, eventStream: false, notAcceptable: true });
  });
});

describe('the Accept header for Yoga', () => {
  it.each([
    [undefined, 'text/event-stream, application/json'],
    ['*/*', 'text/event-stream, application/json'],
    [JSON_TYPE, 'application/json'],
    [GRAPHQL, 'application/graphql-response+json'],
    [`${GRAPHQL}, text/event-stream`, 'text/event-stream, application/graphql-response+json'],
    ['text/event-stream', 'text/event-stream'],
    ['image/png', 'application/json'],
  ])('is for %s: %s', (accept, header) => {
    expect(acceptHeader(negotiate(accept))).toBe(header);
  });
});

import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';
import { asDateTime } from './stored-value.ts';

builder.scalarType('DateTime', {
  description: 'A date and time with its offset from UTC, as RFC 3339 writes it: 2026-01-02T15:04:05Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => parseDateTime(value),
  parseValue: (value) => parseDateTime(value),
});

builder.scalarType('JSON', {
  description: 'Any JSON value. It is never encoded into a string.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: (value) => value,
});

function parseDateTime(value: unknown): string {
  const time = asDateTime(value);
  if (time !== null) return time;
  throw new GraphQLError('must be an RFC 3339 date and time, such as 2026-01-02T15:04:05Z');
}

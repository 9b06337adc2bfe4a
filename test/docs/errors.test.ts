import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors.ts';
import { TRANSPORT_CODES } from '../../src/http/client-error.ts';
import { httpOutcome } from '../../src/http/http-status.ts';
import type { JsonMediaType } from '../../src/http/negotiate.ts';

const CODES: string[] = [...ERROR_CODES, ...TRANSPORT_CODES];

/** The rows of the table of codes: its first column is a code in capitals. */
const rows = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, code]) => code !== undefined && /^`[A-Z_]+`$/.test(code))
  .map(([, code = '', graphql = '', json = '']) => ({ code: code.slice(1, -1), graphql, json }));

/** The status of a response that has this error and no data. */
function statusOf(code: string, mediaType: JsonMediaType): number {
  const errors = [new GraphQLError('Failed', { extensions: { code } })];
  return httpOutcome({ errors }, errors, mediaType).status;
}

describe('docs/errors.md', () => {
  it('describes each code once, and no other', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual(CODES.toSorted());
  });

  it.each(rows)('states the HTTP statuses of $code', ({ code, graphql, json }) => {
    expect([Number.parseInt(graphql, 10), Number.parseInt(json, 10)]).toEqual([
      statusOf(code, 'application/graphql-response+json'),
      statusOf(code, 'application/json'),
    ]);
  });
});

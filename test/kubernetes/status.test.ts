import { describe, expect, it } from 'vitest';
import { parseStatus } from '../../src/kubernetes/status.ts';

const parse = (status: unknown) => parseStatus(JSON.stringify(status), undefined);
const LONG = 'x'.repeat(100_000);

describe('the Status of a failed call', () => {
  it('has the fields that are read, and no others', () => {
    const read = {
      kind: 'Status',
      reason: 'Invalid',
      message: 'spec is invalid',
      metadata: { continue: 'token' },
      details: { name: 'n', retryAfterSeconds: 3, causes: [{ reason: 'r', message: 'm', field: 'spec' }] },
    };
    const { metadata, details } = read;
    const received = {
      ...read,
      code: 422,
      metadata: { ...metadata, resourceVersion: '1' },
      details: { ...details, uid: 'u' },
    };
    expect(parse(received)).toEqual(read);
  });

  it('is short, whatever an authorizer or a webhook writes: errors are kept until the request ends', () => {
    const cause = { reason: LONG, message: LONG, field: LONG };
    const status = parse({ reason: LONG, message: LONG, details: { causes: Array(1_000).fill(cause) } });
    expect(status.reason).toHaveLength(2_048);
    expect(status.message).toHaveLength(2_048);
    expect(status.details?.causes).toHaveLength(50);
    expect(JSON.stringify(status).length).toBeLessThan(400_000);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['fields of other types', { reason: 7, message: {}, metadata: 'm', details: { causes: 'c' } }],
    ['causes of other types', { details: { causes: [null, 7, 'c', {}] } }],
    ['details that are null', { metadata: null, details: null }],
  ])('is parsed if it is %s', (_, status) => {
    expect(() => parse(status)).not.toThrow();
  });

  it.each([
    ['its own', { details: { retryAfterSeconds: 5 } }, '9', 5],
    ['the header', {}, '9', 9],
    ['the header', { details: { causes: [] } }, '0', 0],
    ['neither', {}, 'Wed, 21 Oct 2015 07:28:00 GMT', undefined],
  ])('says when to retry: %s', (_, status, header, seconds) => {
    expect(parseStatus(JSON.stringify(status), header).details?.retryAfterSeconds).toBe(seconds);
  });

  it('is empty for the response of a proxy', () => {
    expect(parseStatus('<html>Bad Gateway</html>', undefined)).toEqual({});
  });
});

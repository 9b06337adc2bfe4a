import { describe, expect, it } from 'vitest';
import { type AuditRecord, audited } from '../../src/telemetry/audit.ts';

const write = {
  act: 'createSession',
  kind: 'AgenticSession',
  namespace: 'demo',
  name: 'fix-cart',
  requestId: 'request-1',
  calls: { auditIds: ['request-1.7'], unansweredAuditIds: [] as string[] },
};
const record = (outcome: 'done' | 'failed', object: object) => ({
  act: 'createSession',
  object: { kind: 'AgenticSession', namespace: 'demo', ...object },
  outcome,
  requestId: 'request-1',
  auditIds: ['request-1.7'],
  durationMs: expect.any(Number),
});

describe('a write', () => {
  it.each([
    ['the stored name and UID', write, { metadata: { name: 'stored', uid: 'u-1' } }, 'stored', 'u-1'],
    [
      'the name that the cluster generated',
      { ...write, name: undefined },
      { metadata: { name: 'fix-cart-x7k2p', uid: 'u-1' } },
      'fix-cart-x7k2p',
      'u-1',
    ],
    ['the given name for a Status', write, { kind: 'Status', metadata: {} }, 'fix-cart', undefined],
    ['the given name for an empty response', write, {}, 'fix-cart', undefined],
    ['the given name for a response that is null', write, null, 'fix-cart', undefined],
    ['the given name for no response', write, undefined, 'fix-cart', undefined],
    ['the given name for a response that is text', write, 'ok', 'fix-cart', undefined],
    ['no name if none is known', { ...write, name: undefined }, {}, undefined, undefined],
  ])('that is done is one record with %s', async (_, given, response, name, uid) => {
    const records: AuditRecord[] = [];
    const result = await audited(
      given,
      (each) => records.push(each),
      async () => response,
    );
    expect(result).toBe(response);
    expect(records).toEqual([record('done', { name, uid })]);
  });

  it('that fails is one record with the given name, and throws the same error', async () => {
    const records: AuditRecord[] = [];
    const error = new Error('s3cret');
    const perform = () => Promise.reject(error);
    await expect(audited(write, (each) => records.push(each), perform)).rejects.toBe(error);
    expect(records).toEqual([record('failed', { name: 'fix-cart', uid: undefined })]);
    expect(JSON.stringify(records)).not.toContain('s3cret');
  });

  it('that fails before it begins is a record, too', async () => {
    const records: AuditRecord[] = [];
    const perform = () => {
      throw new TypeError('not a name');
    };
    await expect(audited(write, (each) => records.push(each), perform)).rejects.toThrow(TypeError);
    expect(records).toEqual([record('failed', { name: 'fix-cart', uid: undefined })]);
  });

  it('that was sent again is a record with the Audit-IDs of all calls, and of those without a response', async () => {
    const records: AuditRecord[] = [];
    const calls = { auditIds: ['request-1.7'], unansweredAuditIds: [] as string[] };
    const perform = async () => {
      calls.auditIds.push('request-1.8');
      calls.unansweredAuditIds.push('request-1.8');
    };
    await audited({ ...write, calls }, (each) => records.push(each), perform);
    expect(records).toEqual([
      {
        ...record('done', { name: 'fix-cart', uid: undefined }),
        auditIds: ['request-1.7', 'request-1.8'],
        unansweredAuditIds: ['request-1.8'],
      },
    ]);
  });

  it('is recorded when it has ended, and not before', async () => {
    const events: string[] = [];
    await audited(
      write,
      () => events.push('record'),
      async () => {
        await Promise.resolve();
        events.push('write');
      },
    );
    expect(events).toEqual(['write', 'record']);
  });

  it('has a duration in whole milliseconds', async () => {
    const records: AuditRecord[] = [];
    await audited(
      write,
      (each) => records.push(each),
      async () => undefined,
    );
    const { durationMs = -1 } = records[0] ?? {};
    expect(Number.isInteger(durationMs) && durationMs >= 0).toBe(true);
  });
});

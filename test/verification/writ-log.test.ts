import { describe, expect, it } from 'vitest';
import { check, createdSession, line, named, REQUEST as R, SESSIONS, UID } from './fixture.ts';

const RUN = `session-${UID}-1`;

describe("with Writ's own log", () => {
  const operation = { level: 'info', msg: 'operation', requestId: R, calls: 7, username: 'alice' };
  const act = (number: number, name: string, kind: string, object: string) => ({
    level: 'info',
    msg: 'privileged act',
    audit: true,
    requestId: R,
    act: name,
    object: { kind, namespace: 'demo', name: object },
    outcome: 'done',
    auditIds: [`${R}.${number}`],
  });
  const own = [
    operation,
    act(2, 'createSession', 'AgenticSession', 's1'),
    act(3, 'createRunObject', 'Secret', RUN),
    act(4, 'createRunObject', 'ServiceAccount', RUN),
    act(5, 'mintRunToken', 'ServiceAccount', RUN),
    act(6, 'createRunObject', 'Job', RUN),
  ];

  it('a clean log is clean', () => {
    expect(named(check(createdSession(), own))).toEqual([]);
  });

  it('a missing last call is named', () => {
    const lines = createdSession().slice(0, -1);
    expect(named(check(lines))).toEqual([]);
    expect(named(check(lines, own))).toEqual(['missing-calls R']);
  });

  it('a request of which nothing is left is named', () => {
    const other = createdSession('6b1f0f0e-1f2a-4c3d-8e4f-000000000002');
    expect(named(check(other, own))).toContain('missing-request R');
  });

  it('a call that got no response need not be in the audit log', () => {
    const lines = createdSession().slice(0, -1);
    const unanswered = { level: 'info', msg: 'unanswered call', auditId: `${R}.7` };
    expect(named(check(lines, [...own, unanswered]))).toEqual([]);
  });

  it('a write that Writ has not logged is named, and one that it has logged otherwise', () => {
    expect(named(check(createdSession(), own.slice(0, -1)))).toEqual(['unlogged-write R.6']);
    const otherwise = [...own.slice(0, -1), act(6, 'createRunObject', 'Job', 'another')];
    expect(named(check(createdSession(), otherwise))).toEqual(['other-than-logged R.6']);
  });

  it('a user that Writ has not logged is named', () => {
    const lines = [line(`${R}.1`, 'mallory', `list ${SESSIONS}`)];
    expect(named(check(lines, [{ ...operation, calls: 1 }]))).toEqual(['other-user-than-logged R.1']);
  });

  it("a client's receipt needs its review and its calls", () => {
    const reviewed = {
      verb: 'create',
      group: 'vteam.ambient-code',
      resource: 'agenticsessions',
      namespace: 'demo',
    };
    const receipt = {
      requestId: R,
      auditIds: [`${R}.1`, `${R}.2`],
      reviewed,
      reviewedAt: '2026-01-01T00:00:00Z',
    };
    expect(named(check(createdSession(), [receipt]))).toEqual([]);
    const other = { ...receipt, reviewed: { ...reviewed, namespace: 'other' } };
    expect(named(check(createdSession(), [other]))).toEqual(['other-than-logged R']);
  });
});

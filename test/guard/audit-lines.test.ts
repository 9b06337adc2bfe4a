import { describe, expect, it } from 'vitest';
import { createSessionMutation } from '../support/session-operations.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const CREATE = createSessionMutation('name uid');

describe('each privileged act', () => {
  const writ = startWrit();
  const acts = () => writ.log.lines().filter((line) => line.audit === true);

  it('is one line of the log: who, by which review, what on which object, and under which request', async () => {
    const { result, requests } = await writ.requestsDuring(() =>
      writ.as('alice', CREATE, { input: { project: 'demo' } }),
    );
    const { name, uid } = result.data.createSession.session;
    const requestId = result.headers.get('x-request-id');
    const lines = acts().filter((line) => line.requestId === requestId);
    const all = lines.map((line) => line.act);
    // The first status and the Secret are written in parallel, and end in any order.
    expect([...all.slice(0, 1), ...all.slice(1, 3).sort(), ...all.slice(3)]).toEqual([
      'createSession',
      'createRunObject',
      'updateSessionStatus',
      'createRunObject',
      'createRunObject',
      'createRunObject',
      'mintRunToken',
      'storeRunToken',
      'createRunObject',
      'updateSessionStatus',
    ]);
    expect(lines[0]).toMatchObject({
      grant: 'createSession',
      subject: { username: 'alice', uid: 'sandbox-alice', groups: ['system:authenticated'] },
      reviewed: {
        verb: 'create',
        group: 'vteam.ambient-code',
        resource: 'agenticsessions',
        namespace: 'demo',
      },
      object: { kind: 'AgenticSession', namespace: 'demo', name, uid },
      outcome: 'done',
      durationMs: expect.any(Number),
    });
    // The cluster's own audit log has the same id.
    for (const request of requests) expect(request.auditId?.startsWith(`${requestId}.`)).toBe(true);
  });

  it('that failed is a line, too', async () => {
    const input = { project: 'demo', name: 'fix-cart-rounding' };
    const answer = await writ.as('alice', CREATE, { input });
    expect(codeOf(answer)).toBe('CONFLICT');
    expect(acts().at(-1)).toMatchObject({
      act: 'createSession',
      outcome: 'failed',
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('that was refused by the review is none', async () => {
    const before = acts().length;
    await writ.as('victor', CREATE, { input: { project: 'demo' } });
    expect(acts()).toHaveLength(before);
  });
});

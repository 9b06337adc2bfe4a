import { expect, it } from 'vitest';
import { inTest } from '../support/hooks.ts';
import { SESSIONS } from '../support/objects.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putSession } from '../support/put-objects.ts';
import { codeOf } from '../support/writ.ts';

const CREATE = 'mutation { createSession(input: {project: "demo", name: "recreated"}) { session { name } } }';

it('a session that was deleted and made anew under its name meanwhile is not written to', async () => {
  const { proxy, as, kubernetes } = await inTest(startProxiedWrit);
  const admin = kubernetes('admin');
  const path = `${SESSIONS('demo')}/recreated`;
  proxy.set(async ({ method, path: asked }, forward) => {
    const reply = await forward();
    const isCreated = method === 'POST' && asked.startsWith(`${SESSIONS('demo')}?`);
    if (isCreated) {
      await admin.delete(path);
      await putSession(admin, 'demo', 'recreated', { status: { phase: 'Running' } });
    }
    return reply;
  });
  const answer = await as('alice', CREATE);
  expect(codeOf(answer)).toBe('CONFLICT');
  expect((await admin.get(path)).body.status).toEqual({ phase: 'Running' });
});

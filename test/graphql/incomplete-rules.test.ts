import { expect, it } from 'vitest';
import { inTest } from '../support/hooks.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { allow, putProject, putSession } from '../support/put-objects.ts';

it('where the cluster cannot list all of its rules, each session is asked about by itself', async () => {
  const { proxy, as, kubernetes } = await inTest(startProxiedWrit, { sandbox: { demo: false } });
  const admin = kubernetes('admin');
  await putProject(admin, 'webhooked');
  for (const name of ['one', 'two']) await putSession(admin, 'webhooked', name);
  await allow(admin, 'webhooked', 'victor', [
    {
      apiGroups: ['vteam.ambient-code'],
      resources: ['agenticsessions'],
      verbs: ['delete'],
      resourceNames: ['two'],
    },
  ]);
  proxy.set(async ({ path }, forward) => {
    const reply = await forward();
    if (!path.includes('selfsubjectrulesreviews')) return reply;
    return { ...reply, body: { status: { incomplete: true, resourceRules: [] } } };
  });
  const { data } = await as(
    'victor',
    '{ project(name: "webhooked") { sessions { nodes { name viewerCan(verb: "delete") } } } }',
  );
  expect(data.project.sessions.nodes).toEqual([
    { name: 'one', viewerCan: false },
    { name: 'two', viewerCan: true },
  ]);
});

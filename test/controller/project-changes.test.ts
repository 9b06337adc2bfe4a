import { expect, it, onTestFinished } from 'vitest';
import { watchConnections } from '../../src/controller/runtime/watch-connections.ts';
import { ProjectCache } from '../../src/controller/session/project-cache.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { NAMESPACES, projectSettings, SETTINGS } from '../support/objects.ts';
import { transportTo } from '../support/transport.ts';
import { startControlledCluster, TIMINGS } from './fixture.ts';

const PROJECT = 'project-changes';
const NAMESPACE = `${NAMESPACES}/${PROJECT}`;
const MANAGED = 'ambient-code.io/managed';

it('a project causes passes over its sessions when what they depend on changes, and only then', async () => {
  const { admin, sandbox, project } = await inTest(startControlledCluster);
  const closing = new AbortController();
  const transport = transportTo(sandbox);
  const reported: (number | undefined)[] = [];
  const cache: ProjectCache = new ProjectCache(
    {
      connect: watchConnections({
        transport,
        credential: async () => `Bearer ${sandbox.identities.controller.token}`,
        id: 'test',
      }),
      timings: TIMINGS.watch,
      onError: undefined,
    },
    (namespace) => {
      if (namespace === PROJECT)
        reported.push(cache.isManaged(PROJECT) ? cache.inactivityTimeoutSeconds(PROJECT) : undefined);
    },
  );
  const running = cache.informers.map((informer) => informer.run(closing.signal));
  onTestFinished(async () => {
    closing.abort();
    await Promise.all(running);
    await transport.destroy();
  });
  const untilReported = (...expected: typeof reported) =>
    eventually(() => expect(reported).toEqual(expected));

  await project(PROJECT);
  await untilReported(86_400);
  await admin.create(SETTINGS(PROJECT), projectSettings({ inactivityTimeoutSeconds: 60 }));
  await untilReported(86_400, 60);
  for (const value of ['1', '2']) {
    await admin.patch(NAMESPACE, { metadata: { annotations: { value } } });
    await admin.patch(`${SETTINGS(PROJECT)}/projectsettings`, { metadata: { annotations: { value } } });
  }
  // Events of one watch arrive in order: those of the annotations have been handled by then.
  await admin.patch(`${SETTINGS(PROJECT)}/projectsettings`, { spec: { inactivityTimeoutSeconds: 70 } });
  await untilReported(86_400, 60, 70);
  await admin.patch(NAMESPACE, { metadata: { labels: { [MANAGED]: null } } });
  await untilReported(86_400, 60, 70, undefined);
  await admin.patch(NAMESPACE, { metadata: { labels: { [MANAGED]: 'true' } } });
  await untilReported(86_400, 60, 70, undefined, 70);
});

import { expect, it, onTestFinished } from 'vitest';
import { startClusterProxy, status } from '../support/cluster-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { PATIENT, startControlledCluster } from './fixture.ts';

const PROJECT = 'same-status';
/** As the policy writ-patches denies a patch that changes nothing. */
const DENIED = status(403, 'Forbidden', {
  details: { causes: [{ message: 'a patch by Writ changes the object' }] },
});

it('a status that another writer has set first is no error, one that is not set is', async () => {
  const cluster = await inTest(startControlledCluster);
  await cluster.project(PROJECT);
  const proxy = await startClusterProxy(cluster.sandbox);
  onTestFinished(() => proxy.close());
  let isSet = true;
  proxy.set(async ({ method, path, headers, body }, forward) => {
    if (method !== 'PATCH' || !path.includes('/status')) return forward();
    // So that only the last attempt, which needs no resourceVersion, arrives.
    if (headers['content-type'] === 'application/merge-patch+json') return status(409, 'Conflict');
    if (isSet) await forward();
    expect(JSON.parse(body).length).toBeGreaterThan(1);
    return DENIED;
  });
  const { endpoint } = proxy;
  const { problems } = await cluster.startReplica({ timings: PATIENT }, { endpoint });
  const annotations = { 'ambient-code.io/desired-phase': 'Stopped' };
  await cluster.startedSession(PROJECT, 'set', { annotations, status: { phase: 'Pending' } });
  await cluster.untilStatus(PROJECT, 'set', { phase: 'Stopped' });
  isSet = false;
  await cluster.startedSession(PROJECT, 'not-set', { annotations, status: { phase: 'Pending' } });
  await eventually(() => expect(problems.length).toBeGreaterThan(0));
  expect(problems.filter(({ session }) => !String(session).startsWith(`${PROJECT}/`))).toEqual([]);
  const { uid } = (await cluster.session(PROJECT, 'set')).metadata;
  expect(problems.filter(({ session }) => session === `${PROJECT}/${uid}`)).toEqual([]);
});

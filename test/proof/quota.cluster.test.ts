import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PATHS, PATIENT, RUN_KINDS, STARTED, startControlledCluster } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';

const PROJECT = 'quota';

describe("a run that exceeds its project's quota", () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  const quotas = `/api/v1/namespaces/${PROJECT}/resourcequotas`;

  beforeAll(() => cluster.project(PROJECT));
  beforeEach(async () => {
    // A replica would attempt the runs of the test before it again.
    const { items } = (await admin.get(SESSIONS(PROJECT))).body;
    for (const { metadata } of items) await admin.delete(`${SESSIONS(PROJECT)}/${metadata.name}`);
  });

  async function setQuota(name: string, resource: string, limit: string) {
    const hard = { [resource]: limit };
    await admin.post(quotas, { metadata: { name }, spec: { hard } });
    expect((await admin.patch(`${quotas}/${name}`, { spec: { hard } })).status).toBe(200);
    // No controller counts here.
    const status = { hard, used: { [resource]: '0' } };
    expect((await admin.patch(`${quotas}/${name}/status`, { status })).status).toBe(200);
  }
  const untilGivenUp = (name: string) =>
    eventually(async () =>
      expect((await cluster.conditions(PROJECT, name)).RunCreated).toMatchObject({
        status: 'False',
        reason: 'QuotaExceeded',
        message: expect.stringContaining("the project's quota"),
      }),
    );

  it.each(['count/jobs.batch', 'count/secrets', 'count/serviceaccounts'])(
    'of %s is given up, leaves nothing and has no token',
    async (resource) => {
      const name = resource.replaceAll(/[^a-z]/g, '-');
      await setQuota(name, resource, '0');
      const replica = await cluster.startReplica({ timings: PATIENT });
      const { metadata } = await cluster.startedSession(PROJECT, name);
      await cluster.requestFails(PROJECT, name);
      await untilGivenUp(name);
      const acts = replica.acts.length;
      for (const kind of RUN_KINDS) {
        const path = `${PATHS[kind](PROJECT)}/session-${metadata.uid}-1`;
        expect((await admin.get(path)).status, kind).toBe(404);
      }
      await cluster.setStatus(`${SESSIONS(PROJECT)}/${name}`, { phase: 'Failed' });
      await cluster.untilStatus(PROJECT, name, { phase: 'Pending' });
      // What the cluster shows already, the controller may learn a moment later.
      await eventually(() => {
        const later = new Set(replica.acts.slice(acts).map(({ act }) => act));
        expect(later).toEqual(new Set(['updateSessionStatus']));
      });
      expect(replica.acts.filter(({ act }) => act === 'mintRunToken')).toEqual([]);
      await admin.delete(`${quotas}/${name}`);
    },
  );

  it.each([
    ['a new start', PATIENT.giveUpMs],
    ['a while', 200],
  ])('runs when the quota has been raised, after %s', async (what, giveUpMs) => {
    const name = what.replaceAll(' ', '-');
    await setQuota(name, 'count/jobs.batch', '0');
    await cluster.startReplica({ timings: { ...PATIENT, giveUpMs } });
    const { metadata } = await cluster.startedSession(PROJECT, name);
    await cluster.requestFails(PROJECT, name);
    await untilGivenUp(name);
    await setQuota(name, 'count/jobs.batch', '1');
    if (giveUpMs === PATIENT.giveUpMs) {
      await cluster.annotate(PROJECT, name, { [STARTED]: new Date().toISOString() });
      await cluster.requestFails(PROJECT, name);
    }
    await cluster.untilStatus(PROJECT, name, { phase: 'Creating' });
    expect(await cluster.conditions(PROJECT, name)).toMatchObject({ RunCreated: { status: 'True' } });
    expect((await admin.get(`${PATHS.Job(PROJECT)}/session-${metadata.uid}-1`)).status).toBe(200);
    await admin.delete(`${quotas}/${name}`);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { PATHS, PATIENT, RUN_KINDS, startControlledCluster } from '../controller/fixture.ts';
import { eventually } from '../support/eventually.ts';

const PROJECT = 'quota';

describe("a run that exceeds its project's quota", () => {
  const cluster = startControlledCluster();
  const { admin } = cluster;
  const quotas = `/api/v1/namespaces/${PROJECT}/resourcequotas`;

  beforeAll(() => cluster.project(PROJECT));

  it.each(['count/jobs.batch', 'count/secrets', 'count/serviceaccounts'])(
    'of %s is given up, leaves nothing and has no token',
    async (resource) => {
      const hard = { [resource]: '0' };
      const name = resource.replaceAll(/[^a-z]/g, '-');
      await admin.create(quotas, { metadata: { name }, spec: { hard } });
      // No controller counts here.
      const used = { [resource]: '0' };
      expect((await admin.patch(`${quotas}/${name}/status`, { status: { hard, used } })).status).toBe(200);
      const replica = await cluster.startReplica({ timings: PATIENT });
      const { metadata } = await cluster.startedSession(PROJECT, name);
      await cluster.requestFails(PROJECT, name);
      await eventually(async () =>
        expect((await cluster.conditions(PROJECT, name)).RunCreated).toMatchObject({
          status: 'False',
          reason: 'QuotaExceeded',
        }),
      );
      const acts = replica.acts.length;
      for (const kind of RUN_KINDS) {
        const path = `${PATHS[kind](PROJECT)}/session-${metadata.uid}-1`;
        expect((await admin.get(path)).status, kind).toBe(404);
      }
      await cluster.setStatus(
        `/apis/vteam.ambient-code/v1alpha1/namespaces/${PROJECT}/agenticsessions/${name}`,
        {
          phase: 'Failed',
        },
      );
      await cluster.untilStatus(PROJECT, name, { phase: 'Pending' });
      const later = new Set(replica.acts.slice(acts).map(({ act }) => act));
      expect(later).toEqual(new Set(['updateSessionStatus']));
      expect(replica.acts.filter(({ act }) => act === 'mintRunToken')).toEqual([]);
      await admin.delete(`${quotas}/${name}`);
    },
  );
});

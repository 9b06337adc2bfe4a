import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { codeOf, startWritOn } from '../support/writ.ts';

describe("Writ's own credentials", () => {
  const cluster = startTestCluster();
  let token: string | undefined;
  const writ = startWritOn(cluster, {
    credentialCheck: { everyMs: 20, confirmMs: 20 },
    endpoints: () => {
      const endpoint = { server: cluster.server, ca: cluster.ca };
      const backendCredential = async () => `Bearer ${token ?? cluster.identities.backend.token}`;
      return { endpoint, backendEndpoint: endpoint, backendCredential };
    },
  });
  const readiness = async () => {
    const response = await fetch(`${writ.adminUrl}/readyz`);
    return { status: response.status, text: await response.text() };
  };
  const logged = (about: string) => writ.log.lines().filter(({ msg }) => String(msg).includes(about));

  it('make it ready while the cluster accepts them', async () => {
    expect(await readiness()).toEqual({ status: 200, text: 'ok' });
  });

  it('make it not ready while the cluster refuses them, which is logged once, and users still read', async () => {
    token = 'refused-s3cret';
    await eventually(async () =>
      expect(await readiness()).toEqual({
        status: 503,
        text: "not ready: The cluster does not accept Writ's own credentials",
      }),
    );
    const { data } = await writ.as('alice', '{ viewer { username } }');
    expect(data.viewer.username).toBe(cluster.identities.alice.username);
    const created = await writ.as(
      'alice',
      'mutation { createSession(input: {project: "demo"}) { session { name } } }',
    );
    expect(codeOf(created)).toBe('UNAVAILABLE');
    expect(logged('no privileged write can succeed')).toHaveLength(1);
    expect(writ.log.text()).not.toContain('s3cret');
  });

  it('make it ready again when they have been replaced', async () => {
    token = undefined;
    await eventually(async () => expect((await readiness()).status).toBe(200));
    expect(logged('again')).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { JOBS } from '../support/objects.ts';
import { runnersFile } from '../support/runners-file.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { isRealCluster } from '../support/test-cluster.ts';
import { startWrit } from '../support/writ.ts';

/** The pod of a run that Writ creates with these settings of its administrator. */
function podWith(fields: Record<string, unknown>) {
  const writ = startWrit({ environment: { WRIT_RUNNERS_FILE: runnersFile({}, fields) } });
  return async () => {
    const { data, errors } = await writ.as('alice', createSessionMutation('uid'), {
      input: { project: 'demo' },
    });
    expect(errors).toBeUndefined();
    const { body } = await writ
      .kubernetes('admin')
      .get(`${JOBS('demo')}/session-${data.createSession.session.uid}-1`);
    return body.spec.template.spec;
  };
}

describe('a run whose user the cluster chooses', () => {
  const pod = podWith({ runAsUser: null });

  it('has no user and no group, may not be root, and can read its token', async () => {
    const { securityContext, volumes } = await pod();
    expect(securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(volumes[0].secret.defaultMode).toBe(0o444);
  });
});

// The policy writ-runs refuses them until the administrator has allowed them there: see test/proof/policies.
describe.skipIf(isRealCluster())('a run whose image is pulled with Secrets', () => {
  const pod = podWith({ imagePullSecrets: ['registry', 'mirror'] });

  it('names those of the administrator', async () => {
    expect((await pod()).imagePullSecrets).toEqual([{ name: 'registry' }, { name: 'mirror' }]);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesClient } from '../../support/kubernetes-client.ts';
import { CORE, RBAC } from '../../support/objects.ts';
import { bind } from '../../support/put-objects.ts';
import { PROJECT, startPolicies } from './fixture.ts';

const ANOTHER_UID = '5e551000-0000-4000-8000-0000000000aa';

describe('the policies of deploy/, on the status that runs write', () => {
  const policies = startPolicies();
  const { admin, sessionPath } = policies;
  const runs = new Map<string, KubernetesClient>();

  /** A run's account by its name, which may write the status of whichever session is named agent. */
  async function start(name: string) {
    await admin.create(CORE(PROJECT, 'serviceaccounts'), { metadata: { name } });
    const subject = { kind: 'ServiceAccount', name, namespace: PROJECT };
    await bind(admin, PROJECT, `Role/${policies.child('Role').metadata.name}`, subject);
    const path = `${CORE(PROJECT, 'serviceaccounts')}/${name}/token`;
    const { status } = await admin.create(path, { spec: {} });
    runs.set(name, admin.as(status.token as string));
  }

  beforeAll(async () => {
    await admin.create(RBAC(PROJECT, 'roles'), policies.child('Role'));
    for (const name of [`session-${policies.uid}-2`, `session-${ANOTHER_UID}-1`, 'operator'])
      await start(name);
  });

  const write = async (name: string, patch: object = { status: { phase: 'Running' } }) => {
    const answer = await runs.get(name)?.patch(`${sessionPath}/status`, patch);
    return answer?.status === 200 ? 'done' : answer?.body.message;
  };

  it('let a run write that of its own session', async () => {
    expect(await write(`session-${policies.uid}-2`)).toBe('done');
  });

  it('let no run write that of a later session with the name, nor ask for it by a patch', async () => {
    const refused = /a run writes only the status of the session whose UID is in the name/;
    expect(await write(`session-${ANOTHER_UID}-1`)).toMatch(refused);
    expect(await write(`session-${ANOTHER_UID}-1`, {})).toMatch(refused);
  });

  it('let others write it who have the right', async () => {
    expect(await write('operator')).toBe('done');
  });
});

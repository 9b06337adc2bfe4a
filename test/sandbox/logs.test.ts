import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { KubernetesClient } from '../support/kubernetes-client.ts';
import { containerStatuses, POD_SPEC } from '../support/objects.ts';
import { putStatus } from '../support/put-objects.ts';
import { core } from './paths.ts';

const sandbox = started(
  DESCRIBE,
  () => startSandbox({ runner: false }),
  ({ close }) => close(),
);
const path = `${core('pods')}/restarted`;

describe('the log of a container that has restarted', () => {
  let admin: KubernetesClient;
  const log = async (query = '') => {
    const { status, body } = await admin.get(`${path}/log?${query}`);
    return [status, typeof body === 'string' ? body : body.message];
  };
  const putState = async (state: object, lastState: object = {}) => {
    const { containerStatuses: statuses } = containerStatuses({});
    const status = { phase: 'Running', containerStatuses: [{ ...statuses[0], state, lastState }] };
    await putStatus(admin, path, status);
  };
  let uid = '';

  beforeAll(async () => {
    admin = new KubernetesClient(sandbox(), sandbox().identities.admin.token);
    const pod = await admin.create(core('pods'), { metadata: { name: 'restarted' }, spec: POD_SPEC });
    uid = pod.metadata.uid;
    sandbox().logs.append(uid, 'runner', 'before');
  });

  afterAll(() => admin.close());

  it('has no previous one before a restart', async () => {
    await putState({ running: {} });
    expect(await log()).toEqual([200, 'before\n']);
    const message = 'previous terminated container "runner" in pod "restarted" not found';
    expect(await log('previous=true')).toEqual([400, message]);
  });

  it('is the previous one on request, and while the container waits', async () => {
    sandbox().logs.restart(uid, 'runner');
    await putState({ waiting: { reason: 'CrashLoopBackOff' } }, { terminated: { exitCode: 1 } });
    expect(await log()).toEqual([200, 'before\n']);
    sandbox().logs.append(uid, 'runner', 'after');
    await putState({ running: {} }, { terminated: { exitCode: 1 } });
    expect(await log()).toEqual([200, 'after\n']);
    expect(await log('previous=true')).toEqual([200, 'before\n']);
  });

  it('is refused with the reason for which the container waits', async () => {
    for (const [reason, message] of [
      ['ImagePullBackOff', 'trying and failing to pull image'],
      ['CreateContainerConfigError', 'CreateContainerConfigError'],
    ]) {
      await putState({ waiting: { reason } });
      const where = 'container "runner" in pod "restarted"';
      expect(await log()).toEqual([400, `${where} is waiting to start: ${message}`]);
    }
  });
});

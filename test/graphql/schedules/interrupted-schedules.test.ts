import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../../support/all-operations.ts';
import { type ProxiedRequest, status } from '../../support/cluster-proxy.ts';
import { startProxiedWrit } from '../../support/proxied-writ.ts';
import { putProject } from '../../support/put-objects.ts';
import {
  CREATE_SCHEDULE,
  RESUME_SCHEDULE,
  SUSPEND_SCHEDULE,
  scheduleInput,
  UPDATE_SCHEDULE,
} from '../../support/schedule-operations.ts';
import { codeOf } from '../../support/writ.ts';

const PROJECT = 'interrupted';
const CRON_JOBS = `/apis/batch/v1/namespaces/${PROJECT}/cronjobs`;

describe('a schedule that others write to, or whose creation fails', () => {
  const writ = startProxiedWrit({ sandbox: { demo: false }, environment: SCHEDULE_SETTINGS });
  const admin = writ.kubernetes('admin');
  const cronJob = (name: string) => admin.must('GET', `${CRON_JOBS}/${name}`);
  const create = async (name: string, more: object = {}) =>
    writ.as('admin', CREATE_SCHEDULE, { input: scheduleInput(PROJECT, name, more) });
  const isWrite = ({ method, path }: ProxiedRequest) =>
    method === 'PATCH' && path.startsWith(`${CRON_JOBS}/`);

  /** Right before the first write reaches the cluster. */
  function beforeWrite(change: () => Promise<unknown>) {
    let isDone = false;
    writ.proxy.set(async (request, forward) => {
      if (isWrite(request) && !isDone) {
        isDone = true;
        await change();
      }
      return forward();
    });
  }

  beforeAll(() => putProject(admin, PROJECT));

  it('is edited all the same when Kubernetes writes its status', async () => {
    await create('ticking');
    const lastScheduleTime = '2026-01-01T03:00:00Z';
    beforeWrite(() => admin.patch(`${CRON_JOBS}/ticking/status`, { status: { lastScheduleTime } }));
    const answer = await writ.as('admin', UPDATE_SCHEDULE, {
      input: { project: PROJECT, name: 'ticking', displayName: 'Renamed' },
    });
    expect(answer.errors).toBeUndefined();
    expect(answer.data.updateScheduledSession.scheduledSession).toMatchObject({
      displayName: 'Renamed',
      lastScheduleTime,
    });
  });

  it.each([
    ['updated', UPDATE_SCHEDULE],
    ['resumed', RESUME_SCHEDULE],
  ])('is not %s by someone who has not seen what another has made of it', async (name, mutation) => {
    await create(name, { suspended: true });
    const location = { project: PROJECT, name };
    const edited = { ...location, session: { initialPrompt: 'Something else' } };
    beforeWrite(async () => {
      expect((await writ.as('admin', UPDATE_SCHEDULE, { input: edited })).errors).toBeUndefined();
    });
    const input = { ...location, schedule: '0 5 * * *' };
    expect(codeOf(await writ.as('admin', mutation, { ...location, input }))).toBe('CONFLICT');
    const { spec } = await cronJob(name);
    expect([spec.schedule, spec.suspend]).toEqual(['0 3 * * *', true]);
  });

  it('is not suspended in place of another with its name', async () => {
    await create('replaced');
    beforeWrite(async () => {
      await admin.must('DELETE', `${CRON_JOBS}/replaced`);
      await create('replaced');
    });
    const answer = await writ.as('admin', SUSPEND_SCHEDULE, { project: PROJECT, name: 'replaced' });
    expect(codeOf(answer)).toBe('CONFLICT');
    expect((await cronJob('replaced')).spec.suspend).toBe(false);
  });

  it.each(['serviceaccounts', 'roles', 'rolebindings', 'cronjobs/'])(
    'is deleted again if the write to %s fails',
    async (resource) => {
      const name = `failed-${resource.replace('/', '')}`;
      writ.proxy.set(async ({ method, path }, forward) => {
        const isFailing = ['POST', 'PATCH'].includes(method) && path.includes(`/${PROJECT}/${resource}`);
        return isFailing ? status(500, 'InternalError') : forward();
      });
      expect(codeOf(await create(name))).toBe('UNAVAILABLE');
      expect((await admin.get(`${CRON_JOBS}/${name}`)).status).toBe(404);
    },
  );

  it('stays suspended if it cannot be deleted, and can neither be resumed nor be created again', async () => {
    writ.proxy.set(async ({ method, path }, forward) => {
      const isFailing = method === 'DELETE' || (method === 'POST' && path.includes('/serviceaccounts'));
      return isFailing ? status(500, 'InternalError') : forward();
    });
    expect(codeOf(await create('left'))).toBe('UNAVAILABLE');
    writ.proxy.set(async (_, forward) => forward());
    expect((await cronJob('left')).spec.suspend).toBe(true);
    expect(codeOf(await writ.as('admin', RESUME_SCHEDULE, { project: PROJECT, name: 'left' }))).toBe(
      'CONFLICT',
    );
    expect(codeOf(await create('left'))).toBe('CONFLICT');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_SETTINGS } from '../../support/all-operations.ts';
import { putProject } from '../../support/put-objects.ts';
import {
  CREATE_SCHEDULE,
  DELETE_SCHEDULE,
  READ_SCHEDULE,
  RESUME_SCHEDULE,
  SUSPEND_SCHEDULE,
  scheduleInput,
  TRIGGER_SCHEDULE,
  UPDATE_SCHEDULE,
} from '../../support/schedule-operations.ts';
import { isRealCluster } from '../../support/test-cluster.ts';
import { codeOf, startWrit, startWritOn } from '../../support/writ.ts';

const PROJECT = 'schedule-input';
const CRON_JOBS = `/apis/batch/v1/namespaces/${PROJECT}/cronjobs`;

describe('the input of a scheduled session', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: SCHEDULE_SETTINGS });
  const unconfigured = startWritOn(writ.sandbox);
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, PROJECT);
    const { errors } = await writ.as('admin', CREATE_SCHEDULE, { input: scheduleInput(PROJECT, 'there') });
    expect(errors).toBeUndefined();
  });

  const REFUSED: [string, object][] = [
    ['input.name', { name: 'x'.repeat(53) }],
    ['input.name', { name: 'Upper' }],
    ['input.name', { name: '../jobs' }],
    ['input.project', { project: 'a/b' }],
    ['input.displayName', { displayName: 'two\nlines' }],
    ['input.schedule', { schedule: '' }],
    ['input.schedule', { schedule: '@hourly' }],
    ['input.schedule', { schedule: '* * * * * *' }],
    ['input.schedule', { schedule: '0 0 * * 7' }],
    ['input.schedule', { schedule: 'TZ=Asia/Tokyo 0 0 * * *' }],
    ['input.schedule', { schedule: 'CRON_TZ=UTC 0 0 * * *' }],
    ['input.schedule', { schedule: `0 0 * * ${'1,'.repeat(200)}1` }],
    ['input.timeZone', { timeZone: 'Local' }],
    ['input.timeZone', { timeZone: 'Mars/Olympus' }],
    ['input.timeZone', { timeZone: '../etc/passwd' }],
    ['input.session.runnerType', { session: { runnerType: 'none' } }],
    ['input.session.llmSettings.model', { session: { llmSettings: { model: 'none' } } }],
    ['input.session.repos.0.url', { session: { repos: [{ url: 'file:///etc' }] } }],
    ['input.session.timeoutSeconds', { session: { timeoutSeconds: 0 } }],
    ['input.session.labels.0.key', { session: { labels: [{ key: 'ambient-code.io/x', value: 'y' }] } }],
    [
      'input.session.annotations.0.key',
      { session: { annotations: [{ key: 'ambient-code.io/schedule-uid', value: 'y' }] } },
    ],
    [
      'input.session.environmentVariables.0.key',
      { session: { environmentVariables: [{ key: 'LD_PRELOAD', value: 'x' }] } },
    ],
    // It would fit into a session, and not into an annotation.
    [
      'input.session',
      {
        session: {
          environmentVariables: Array.from({ length: 10 }, (_, n) => ({
            key: `V${n}`,
            value: 'x'.repeat(20_000),
          })),
        },
      },
    ],
  ];

  it.each(REFUSED)('is BAD_USER_INPUT at %s for %j', async (path, more) => {
    const { result, requests } = await writ.requestsDuring(() =>
      writ.as('admin', CREATE_SCHEDULE, { input: scheduleInput(PROJECT, 'bad', more) }),
    );
    expect(codeOf(result)).toBe('BAD_USER_INPUT');
    expect(result.errors?.[0]?.extensions.fields[0].path).toBe(path);
    expect(requests.filter(({ verb, resource }) => verb === 'create' && resource === 'cronjobs')).toEqual([]);
  });

  it.each(REFUSED.filter(([path]) => !/name|project/.test(path)))(
    'is refused in an update too: %s for %j',
    async (path, more) => {
      const input = { project: PROJECT, name: 'there', ...more };
      const answer = await writ.as('admin', UPDATE_SCHEDULE, { input });
      expect(answer.errors?.[0]?.extensions.fields[0].path).toBe(path);
    },
  );

  it('names the argument that is not a name, and says what does not exist', async () => {
    for (const mutation of [SUSPEND_SCHEDULE, RESUME_SCHEDULE, TRIGGER_SCHEDULE, DELETE_SCHEDULE]) {
      const bad = await writ.as('admin', mutation, { project: PROJECT, name: '../pods' });
      expect(bad.errors?.[0]?.extensions.fields[0].path).toBe('name');
      expect(codeOf(await writ.as('admin', mutation, { project: PROJECT, name: 'absent' }))).toBe(
        'NOT_FOUND',
      );
    }
  });

  // It is a name that Writ's own runtime accepts.
  it.runIf(isRealCluster())('is BAD_USER_INPUT where only Kubernetes refuses it', async () => {
    for (const [mutation, name] of [
      [CREATE_SCHEDULE, 'new'],
      [UPDATE_SCHEDULE, 'there'],
    ] as const) {
      const input = { ...scheduleInput(PROJECT, name), timeZone: 'europe/berlin' };
      const answer = await writ.as('admin', mutation, { input });
      expect(answer.errors?.[0]?.extensions.fields).toEqual([
        { path: 'input.timeZone', message: 'is not accepted by the cluster' },
      ]);
    }
  });

  it('takes up to 50 next times', async () => {
    const query = (first: number) =>
      writ.as(
        'admin',
        `{ scheduledSession(project: "${PROJECT}", name: "there") { nextScheduleTimes(first: ${first}) } }`,
      );
    expect((await query(50)).data.scheduledSession.nextScheduleTimes).toHaveLength(50);
    expect(codeOf(await query(51))).toBe('BAD_USER_INPUT');
    expect(codeOf(await query(0))).toBe('BAD_USER_INPUT');
  });

  it('is UNAVAILABLE where schedules are not configured, and those that exist are read, suspended and deleted', async () => {
    const variables = { project: PROJECT, name: 'there' };
    const refused = [
      await unconfigured.as('admin', CREATE_SCHEDULE, { input: scheduleInput(PROJECT, 'new') }),
      await unconfigured.as('admin', UPDATE_SCHEDULE, { input: { ...variables, displayName: 'x' } }),
      await unconfigured.as('admin', RESUME_SCHEDULE, variables),
    ];
    expect(refused.map(codeOf)).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE']);
    expect(refused[0]?.errors?.[0]?.message).toContain('WRIT_SCHEDULE_IMAGE');
    expect((await unconfigured.as('admin', READ_SCHEDULE, variables)).data.scheduledSession.name).toBe(
      'there',
    );
    expect((await unconfigured.as('admin', SUSPEND_SCHEDULE, variables)).errors).toBeUndefined();
    expect((await unconfigured.as('admin', DELETE_SCHEDULE, variables)).errors).toBeUndefined();
    expect((await admin.get(`${CRON_JOBS}/there`)).status).toBe(404);
  });
});

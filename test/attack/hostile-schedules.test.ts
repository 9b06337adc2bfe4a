import { beforeAll, describe, expect, it } from 'vitest';
import {
  SCHEDULE_OWNER,
  SCHEDULED_SESSION_LABEL,
  SESSION_TEMPLATE,
  UNSET_ACCOUNT,
} from '../../src/model/schedule.ts';
import { SCHEDULE_SETTINGS } from '../support/all-operations.ts';
import { POD_SPEC, SESSIONS } from '../support/objects.ts';
import { putProject } from '../support/put-objects.ts';
import {
  READ_SCHEDULE,
  RESUME_SCHEDULE,
  SCHEDULE_FIELDS,
  TRIGGER_SCHEDULE,
  UPDATE_SCHEDULE,
} from '../support/schedule-operations.ts';
import { isRealCluster } from '../support/test-cluster.ts';
import { codeOf, startWrit } from '../support/writ.ts';

const PROJECT = 'hostile-schedules';
const CRON_JOBS = `/apis/batch/v1/namespaces/${PROJECT}/cronjobs`;

/** Templates that somebody has written past Writ, and where they break a rule. */
const TEMPLATES: Record<string, string | null> = {
  absent: null,
  'no-json': '{',
  list: '[]',
  text: '"x"',
  null: 'null',
  'reserved-variable': '{"environmentVariables":[{"key":"LD_PRELOAD","value":"/tmp/x.so"}]}',
  'reserved-label': '{"labels":[{"key":"ambient-code.io/session-uid","value":"x"}]}',
  origin: '{"annotations":[{"key":"ambient-code.io/requested-by","value":"admin"}]}',
  'file-url': '{"repos":[{"url":"file:///etc/passwd"}]}',
  'wrong-types': '{"initialPrompt":1,"repos":"x","labels":{"a":"b"},"llmSettings":[],"timeoutSeconds":"1"}',
  'odd-entries': '{"labels":[null,{"key":1,"value":2}],"repos":[null,1],"environmentVariables":[{}]}',
};

// On a real cluster, the policy writ-schedules refuses them: test/proof/policies/schedules.cluster.test.ts.
describe.skipIf(isRealCluster())('schedules that somebody has written past Writ', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: SCHEDULE_SETTINGS });
  const admin = writ.kubernetes('admin');

  async function put(name: string, annotations: Record<string, string | null>, account = UNSET_ACCOUNT) {
    const given = Object.entries(annotations).filter(([, value]) => value !== null);
    const spec = { ...POD_SPEC, serviceAccountName: account };
    await admin.must('POST', CRON_JOBS, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: {
        name,
        labels: { [SCHEDULED_SESSION_LABEL]: 'true' },
        annotations: Object.fromEntries(given),
      },
      spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template: { spec } } } },
    });
  }

  beforeAll(() => putProject(admin, PROJECT));

  it.each(Object.entries(TEMPLATES))('are read, and create no session: template %s', async (name, text) => {
    await put(name, { [SESSION_TEMPLATE]: text });
    const variables = { project: PROJECT, name };
    const read = await writ.as('admin', READ_SCHEDULE, variables);
    expect(read.errors).toBeUndefined();
    expect(read.data.scheduledSession.owner).toMatchObject({ userId: '', verified: false });
    const answer = await writ.as('admin', TRIGGER_SCHEDULE, variables);
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.errors?.[0]?.extensions.fields[0].path).toMatch(/^sessionTemplate/);
    expect((await admin.must('GET', SESSIONS(PROJECT))).items).toEqual([]);
  });

  it.each(['{', '{}', 'null', '{"username":1}', '{"username":"","uid":"","groups":[],"extra":{}}'])(
    'have no owner if the record is %s',
    async (text) => {
      const name = `owner-${Math.abs([...text].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7)) % 1e9}`;
      await put(name, { [SCHEDULE_OWNER]: text });
      const { data, errors } = await writ.as('admin', READ_SCHEDULE, { project: PROJECT, name });
      expect(errors).toBeUndefined();
      expect(data.scheduledSession.owner.userId).toBe('');
    },
  );

  it('are not run by an edit: they have no account that Writ has made', async () => {
    await put('half-made', {});
    const variables = { project: PROJECT, name: 'half-made' };
    expect(codeOf(await writ.as('admin', RESUME_SCHEDULE, variables))).toBe('CONFLICT');
    const input = { ...variables, displayName: 'x' };
    expect(codeOf(await writ.as('admin', UPDATE_SCHEDULE, { input }))).toBe('CONFLICT');
    const { spec, metadata } = await admin.must('GET', `${CRON_JOBS}/half-made`);
    expect([spec.suspend, metadata.annotations ?? {}]).toEqual([true, {}]);
  });

  it('do not keep others from being listed, with whatever they have in their fields', async () => {
    await admin.must('POST', CRON_JOBS, {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: {
        name: 'odd',
        labels: { [SCHEDULED_SESSION_LABEL]: 'true' },
        annotations: { 'ambient-code.io/concurrency-policy': 'ANY', [SESSION_TEMPLATE]: '{"repos":[{}]}' },
      },
      spec: {
        schedule: 'TZ=Asia/Tokyo @every 1s',
        timeZone: 'Nowhere',
        jobTemplate: { spec: { template: { spec: POD_SPEC } } },
      },
    });
    const query = `{ project(name: "${PROJECT}") { scheduledSessions { ${SCHEDULE_FIELDS} } } }`;
    const { data, errors } = await writ.as('admin', query);
    expect(errors).toBeUndefined();
    const odd = data.project.scheduledSessions.find(({ name }: { name: string }) => name === 'odd');
    expect(odd).toMatchObject({ concurrencyPolicy: 'FORBID', nextScheduleTimes: [] });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { SCHEDULE_UID } from '../../../src/model/schedule.ts';
import { SCHEDULE_SETTINGS } from '../../support/all-operations.ts';
import { SESSIONS } from '../../support/objects.ts';
import { bind, putProject } from '../../support/put-objects.ts';
import {
  CREATE_SCHEDULE,
  DELETE_SCHEDULE,
  scheduleInput,
  TRIGGER_SCHEDULE,
} from '../../support/schedule-operations.ts';
import { startWrit } from '../../support/writ.ts';

const PROJECT = 'scheduled';
const CRON_JOBS = `/apis/batch/v1/namespaces/${PROJECT}/cronjobs`;

describe('the sessions of a schedule', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: SCHEDULE_SETTINGS });
  const admin = writ.kubernetes('admin');
  const create = async (name: string, more: object = {}) => {
    const { data, errors } = await writ.as('alice', CREATE_SCHEDULE, {
      input: scheduleInput(PROJECT, name, more),
    });
    expect(errors).toBeUndefined();
    return data.createScheduledSession.scheduledSession;
  };
  const cronJob = (name: string) => admin.must('GET', `${CRON_JOBS}/${name}`);

  beforeAll(async () => {
    await putProject(admin, PROJECT);
    await bind(admin, PROJECT, 'ClusterRole/ambient-project-edit', { kind: 'User', name: 'alice' });
  });

  it('are triggered in the name of the caller, and shown with the schedule', async () => {
    const made = await create('triggered', { suspended: true });
    expect(made.suspended).toBe(true);
    const { data, errors } = await writ.as('admin', TRIGGER_SCHEDULE, {
      project: PROJECT,
      name: 'triggered',
    });
    expect(errors).toBeUndefined();
    const { session } = data.triggerScheduledSession;
    const { uid } = (await cronJob('triggered')).metadata;
    expect(session).toMatchObject({ initialPrompt: 'Check the links', createdBy: { userId: 'admin' } });
    expect(session.name).toMatch(/^triggered-/);
    for (const entries of [session.labels, session.annotations])
      expect(entries).toContainEqual({ key: SCHEDULE_UID, value: uid });
    // The label alone proves nothing.
    await admin.must('POST', SESSIONS(PROJECT), {
      apiVersion: 'vteam.ambient-code/v1alpha1',
      kind: 'AgenticSession',
      metadata: { name: 'triggered-forged', labels: { [SCHEDULE_UID]: uid } },
      spec: {},
    });
    const query = `{ scheduledSession(project: "${PROJECT}", name: "triggered") { sessions { nodes { name } totalCount } } }`;
    const read = await writ.as('alice', query);
    expect(read.data.scheduledSession.sessions).toEqual({
      nodes: [{ name: session.name }],
      totalCount: null,
    });
  });

  it('are in the order that is asked for', async () => {
    await create('ordered');
    const variables = { project: PROJECT, name: 'ordered' };
    for (let count = 0; count < 3; count += 1) await writ.as('alice', TRIGGER_SCHEDULE, variables);
    const query = `query ($first: Int, $after: String, $direction: OrderDirection!) {
      scheduledSession(project: "${PROJECT}", name: "ordered") {
        sessions(first: $first, after: $after, orderBy: { field: NAME, direction: $direction }) {
          edges { cursor node { name } }
          totalCount
        }
      }
    }`;
    const read = async (page: object) => (await writ.as('alice', query, page)).data.scheduledSession.sessions;
    const ascending = await read({ direction: 'ASC' });
    const names = ascending.edges.map(({ node }: { node: { name: string } }) => node.name);
    expect(names).toEqual(names.toSorted());
    const first = await read({ direction: 'DESC', first: 1 });
    expect(first).toMatchObject({ edges: [{ node: { name: names[2] } }], totalCount: 3 });
    const rest = await read({ direction: 'DESC', after: first.edges[0].cursor });
    expect(rest).toMatchObject({ edges: [{ node: { name: names[1] } }, { node: { name: names[0] } }] });
  });

  it('are left behind when the schedule is deleted, and nothing else is', async () => {
    const { id } = await create('deleted');
    const variables = { project: PROJECT, name: 'deleted' };
    const triggered = await writ.as('alice', TRIGGER_SCHEDULE, variables);
    const { name } = triggered.data.triggerScheduledSession.session;
    const { data } = await writ.as('alice', DELETE_SCHEDULE, variables);
    expect(data.deleteScheduledSession.deletedId).toBe(id);
    expect((await admin.get(`${CRON_JOBS}/deleted`)).status).toBe(404);
    expect((await admin.get(`${SESSIONS(PROJECT)}/${name}`)).status).toBe(200);
    expect((await writ.as('alice', `{ node(id: "${id}") { id } }`)).data).toEqual({ node: null });
  });
});

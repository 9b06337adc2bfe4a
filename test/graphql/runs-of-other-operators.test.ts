import { beforeAll, describe, expect, it } from 'vitest';
import { controlledBy, SESSIONS } from '../support/objects.ts';
import { putEvent, putJob, putOperatorPod, putPod, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const RUNS = `query ($name: String!) { session(project: "operated", name: $name) {
  job { name } pods { name podPhase run } events { objectName reason } logs
} }`;
const PAGE = `{ project(name: "operated") { sessions(labelSelector: "page") { nodes {
  name pods { name } events { objectName }
} } } }`;

describe('a run that another operator has made, whose pod the session controls without a Job', () => {
  const writ = startWrit({ sandbox: { demo: false } });
  const admin = writ.kubernetes('admin');
  const project = 'operated';
  const putOperatedPod = (
    session: Parameters<typeof putOperatorPod>[1],
    name: string,
    metadata: Record<string, unknown> = {},
  ) =>
    putOperatorPod(admin, session, {
      metadata: { name, ...metadata },
      status: { phase: 'Running' },
    });
  const read = async (name: string) => {
    const { data, errors } = await writ.as('victor', RUNS, { name });
    expect(errors).toBeUndefined();
    return data.session;
  };
  beforeAll(() => putProject(admin, project));

  it('has its pods, their events and no Job', async () => {
    const session = await putSession(admin, project, 'theirs', { metadata: { labels: { page: '' } } });
    const pod = await putOperatedPod(session, 'theirs-runner');
    await putEvent(admin, pod, { reason: 'Pulled' });
    const { job, pods, events } = await read('theirs');
    expect(job).toBeNull();
    expect(pods).toEqual([{ name: 'theirs-runner', podPhase: 'Running', run: null }]);
    expect(events).toEqual([{ objectName: 'theirs-runner', reason: 'Pulled' }]);
  });

  it('is not shown by its label alone: the controller of the pod decides', async () => {
    const session = await putSession(admin, project, 'pretended');
    const other = await putSession(admin, project, 'another');
    const labels = { 'agentic-session': 'pretended' };
    await putOperatedPod(other, 'of-another', { labels });
    await putOperatedPod(session, 'without-owner', { labels, ownerReferences: [] });
    const [owner] = controlledBy(session).ownerReferences;
    await putOperatedPod(session, 'not-controlled', {
      ownerReferences: [{ ...owner, controller: false }],
    });
    expect((await read('pretended')).pods).toEqual([]);
  });

  it('is one list of pods more for a page, and none where each session has a Job', async () => {
    const labels = { page: '' };
    for (const name of ['page-a', 'page-b']) {
      const session = await putSession(admin, project, name, { metadata: { labels } });
      await putOperatedPod(session, `${name}-runner`);
    }
    const withJob = await putSession(admin, project, 'page-c', { metadata: { labels } });
    await putPod(admin, await putJob(admin, withJob));
    const countOf = async (query: string) => {
      const { result, requests } = await writ.requestsDuring(() => writ.as('victor', query));
      expect(result.errors).toBeUndefined();
      const lists = requests.filter(({ verb, resource }) => verb === 'list' && resource === 'pods');
      return { lists: lists.length, sessions: result.data.project.sessions.nodes };
    };
    const { lists, sessions } = await countOf(PAGE);
    expect(lists).toBe(2);
    expect(sessions.map(({ pods }: { pods: unknown[] }) => pods.length)).toEqual([1, 1, 1, 1]);
    await admin.patch(`${SESSIONS(project)}/page-c`, { metadata: { labels: { alone: '' } } });
    expect((await countOf(PAGE.replace('"page"', '"alone"'))).lists).toBe(1);
  });

  it('is found for a session whose name is no value of a label, without a list for it', async () => {
    const name = `${'long-'.repeat(14)}name`;
    await putSession(admin, project, name);
    expect((await read(name)).pods).toEqual([]);
  });
});

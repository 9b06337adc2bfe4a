import { beforeAll, describe, expect, it } from 'vitest';
import { allow, putEvent, putJob, putPod, putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';

const PAGE = `query ($project: String!, $first: Int) { project(name: $project) { sessions(first: $first) { nodes {
  name
  job { name active }
  pods { name podPhase }
  events { reason }
  eventsTruncated
  children(first: 25) { nodes { name } }
  project { name }
} } } }`;
const CAN = `query ($first: Int) { project(name: "large") { sessions(first: $first) { nodes {
  name
  get: viewerCan(verb: "get")
  update: viewerCan(verb: "update")
  delete: viewerCan(verb: "delete")
} } } }`;

describe('what a page of sessions costs the cluster', () => {
  const writ = startWrit({ sandbox: { demo: false }, reviews: { allowMs: 0, denyMs: 0 } });
  const admin = writ.kubernetes('admin');

  beforeAll(async () => {
    await putProject(admin, 'large');
    const annotations = { 'vteam.ambient-code/parent-session-id': 's-00' };
    for (let n = 0; n < 50; n += 1) {
      const name = `s-${String(n).padStart(2, '0')}`;
      const session = await putSession(admin, 'large', name, { metadata: n % 2 ? { annotations } : {} });
      const job = await putJob(admin, session);
      await putPod(admin, job);
      await putEvent(admin, session, { reason: `Of${n}` });
    }
  });

  async function costOf(
    who: 'alice' | 'victor' | 'mallory',
    query: string,
    variables: Record<string, unknown>,
  ) {
    const { result, requests } = await writ.requestsDuring(() => writ.as(who, query, variables));
    expect(result.errors).toBeUndefined();
    expect(new Set(requests.map(({ user }) => user))).toEqual(new Set([who]));
    const counts: Record<string, number> = {};
    for (const { verb, resource } of requests) {
      const key = `${verb} ${resource}`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return { counts, sessions: result.data.project.sessions.nodes };
  }

  it('is one list for the jobs, pods, events and children of all of them, be it 5 or 50', async () => {
    const expected = {
      'create selfsubjectreviews': 1,
      'get namespaces': 1,
      // The page, the lineage, and the children.
      'list agenticsessions': 3,
      'list jobs': 1,
      'list pods': 1,
      'list events': 1,
    };
    const few = await costOf('victor', PAGE, { project: 'large', first: 5 });
    expect(few.sessions).toHaveLength(5);
    expect(few.counts).toEqual(expected);
    const many = await costOf('victor', PAGE, { project: 'large', first: 50 });
    expect(many.counts).toEqual(expected);
    expect(many.sessions).toHaveLength(50);
    for (const [n, session] of many.sessions.entries()) {
      expect(session).toMatchObject({
        job: { active: 0 },
        pods: [{ podPhase: 'Pending' }],
        project: { name: 'large' },
      });
      expect(session.events).toEqual([{ reason: `Of${n}` }]);
      expect(session.children.nodes).toHaveLength(n === 0 ? 25 : 0);
    }
  });

  it('is one list of jobs for a page that asks for its pods alone', async () => {
    const query = '{ project(name: "large") { sessions { nodes { pods { name } } } } }';
    const { counts } = await costOf('victor', query, {});
    expect(counts).toMatchObject({ 'list jobs': 1, 'list pods': 1 });
    expect(counts).not.toHaveProperty('list events');
  });

  it('is within the limit of what a query may cost', async () => {
    const query = `{ project(name: "large") { sessions(first: 50) {
      edges { cursor node {
        id name phase displayName createdAt
        job { name startTime completionTime active failed }
        pods { name podPhase reason startTime }
        events { type reason message lastTimestamp }
        get: viewerCan(verb: "get") update: viewerCan(verb: "update") delete: viewerCan(verb: "delete")
      } }
      totalCount resourceVersion
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } } }`;
    expect((await writ.as('victor', query)).errors).toBeUndefined();
  });

  it('is within the limit for 500 sessions in a table, with all that paging needs', async () => {
    const query = `{ project(name: "large") { sessions(first: 500) {
      edges { cursor node { id name phase displayName createdAt resourceVersion } }
      totalCount resourceVersion
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } } }`;
    expect((await writ.as('victor', query)).errors).toBeUndefined();
  });

  it('is a review for each verb that is allowed in the project', async () => {
    await allow(admin, 'large', 'mallory', [
      {
        apiGroups: ['vteam.ambient-code'],
        resources: ['agenticsessions'],
        verbs: ['get', 'list', 'update', 'delete'],
      },
    ]);
    for (const first of [5, 50]) {
      const { counts, sessions } = await costOf('mallory', CAN, { first });
      expect(counts['create selfsubjectaccessreviews']).toBe(3);
      expect(sessions.every((s: Record<string, unknown>) => s.get && s.update && s.delete)).toBe(true);
    }
  });

  it('is one look at the rules more where a verb is not allowed for all: it may be for a name', async () => {
    await allow(admin, 'large', 'victor', [
      {
        apiGroups: ['vteam.ambient-code'],
        resources: ['agenticsessions'],
        verbs: ['delete'],
        resourceNames: ['s-03'],
      },
    ]);
    const { counts, sessions } = await costOf('victor', CAN, { first: 50 });
    expect(counts['create selfsubjectaccessreviews']).toBe(3);
    expect(counts['create selfsubjectrulesreviews']).toBe(1);
    const deletable = sessions.filter((session: { delete: boolean }) => session.delete);
    expect(deletable).toEqual([{ name: 's-03', get: true, update: false, delete: true }]);
  });
});

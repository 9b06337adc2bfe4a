import { beforeAll, describe, expect, it } from 'vitest';
import { PARENT_SESSION } from '../../../src/model/labels-and-annotations.ts';
import { bind, putProject, putSession } from '../../support/put-objects.ts';
import { startWrit } from '../../support/writ.ts';

describe('scans', () => {
  const writ = startWrit({
    sandbox: { demo: false },
    environment: { WRIT_REQUEST_BYTES_KEPT: '200000' },
  });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'p');
    // A lineage of three generations: a, then a-0 to a-4, then five of each.
    const put = (name: string, parent?: string) =>
      putSession(admin, 'p', name, {
        metadata: { annotations: parent === undefined ? {} : { [PARENT_SESSION]: parent } },
        spec: { initialPrompt: name === 'a-0' ? 'wanted' : 'x'.repeat(10_000) },
      });
    await put('a');
    for (let n = 0; n < 5; n++) await put(`a-${n}`, 'a');
    for (let n = 0; n < 25; n++) await put(`b-${n}`, `a-${n % 5}`);
  });

  const listsOf = async (query: string) => {
    const { result, requests } = await writ.requestsDuring(() => writ.as('alice', query));
    expect(result.errors).toBeUndefined();
    return { data: result.data, calls: requests.filter(({ resource }) => resource === 'agenticsessions') };
  };

  it('many filters and orders of a project in one operation are one scan', async () => {
    const aliases = ['wanted', 'a-1', 'a-2', 'b-1', 'none'].flatMap((search, n) => [
      `s${n}: sessions(first: 1, filter: { search: "${search}" }) { nodes { name } totalCount }`,
      `o${n}: sessions(first: 1, filter: { search: "${search}" }, orderBy: { field: CREATED_AT, direction: DESC }) { totalCount }`,
    ]);
    const { data, calls } = await listsOf(`{ project(name: "p") { ${aliases.join(' ')} } }`);
    expect(calls).toHaveLength(1);
    expect(data.project.s0).toEqual({ nodes: [{ name: 'a-0' }], totalCount: 1 });
    expect(data.project.o3.totalCount).toBe(11);
  });

  it('what is not selected is not kept', async () => {
    // All sessions are larger than what the request may keep.
    const query = '{ project(name: "p") { sessions(filter: { search: "wanted" }) { nodes { name } } } }';
    expect((await listsOf(query)).data.project.sessions.nodes).toEqual([{ name: 'a-0' }]);
  });

  it('children of a page, and their children, cost few calls', async () => {
    const query = `{ session(project: "p", name: "a") {
      children(first: 5) { totalCount nodes { name children(first: 1) { totalCount nodes { name } } } }
    } }`;
    const { data, calls } = await listsOf(query);
    const { nodes, totalCount } = data.session.children;
    expect(totalCount).toBe(5);
    expect(nodes.map(({ children }: { children: { totalCount: number } }) => children.totalCount)).toEqual([
      5, 5, 5, 5, 5,
    ]);
    // The session, the lineage of the project, and one scan for each generation.
    expect(calls.length).toBeLessThanOrEqual(4);
  });

  it('a page of projects reviews a bounded number of them, and its cursor goes on behind the last', async () => {
    const admin = writ.kubernetes('admin');
    const names = Array.from({ length: 230 }, (_, n) => `project-${String(n).padStart(3, '0')}`);
    for (const name of names) {
      const labels = { 'ambient-code.io/managed': 'true' };
      // Together they are larger than what the request may keep; those that are not visible are not kept.
      const annotations = { large: 'x'.repeat(2_000) };
      await admin.create('/api/v1/namespaces', { metadata: { name, labels, annotations } });
    }
    const visible = [3, 229].map((n) => names[n] ?? '');
    for (const name of visible) {
      await bind(admin, name, 'ClusterRole/ambient-project-view', { kind: 'User', name: 'mallory' });
    }
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const query = `query ($after: String) { projects(first: 1, after: $after) {
        nodes { name } pageInfo { hasNextPage endCursor }
      } }`;
      const read = () => writ.as('mallory', query, { after });
      const { result, requests } = await writ.requestsDuring(read);
      expect(result.errors).toBeUndefined();
      const reviews = requests.filter(({ resource }) => resource === 'selfsubjectaccessreviews');
      expect(reviews.length).toBeLessThanOrEqual(150);
      const { nodes, pageInfo } = result.data.projects;
      seen.push(...nodes.map(({ name }: { name: string }) => name));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(visible);
  });
});

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PARENT_SESSION } from '../../../src/model/labels-and-annotations.ts';
import { startProxiedWrit } from '../../support/proxied-writ.ts';
import { putEvent, putJob, putPod, putProject, putSession } from '../../support/put-objects.ts';
import { startWrit } from '../../support/writ.ts';

const KIB = 1024;
const NAMES = Array.from({ length: 9 }, (_, n) => `s-${n}`);

type Connection = {
  edges: { node: { name: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
};
const FIELDS = 'edges { node { name } } pageInfo { hasNextPage endCursor }';

describe('objects that are too large together for one request', () => {
  const writ = startWrit({
    sandbox: { demo: false },
    environment: { WRIT_REQUEST_BYTES_KEPT: String(400 * KIB) },
  });

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'p');
    for (const name of NAMES) {
      const annotations = { [PARENT_SESSION]: 'root', large: 'x'.repeat(50 * KIB) };
      await putSession(admin, 'p', name, {
        metadata: { annotations },
        spec: { initialPrompt: `find ${'x'.repeat(50 * KIB)}` },
      });
    }
    const root = await putSession(admin, 'p', 'root', { metadata: { labels: { root: 'true' } } });
    const job = await putJob(admin, root, { annotations: { large: 'x'.repeat(100 * KIB) } });
    await putPod(admin, job);
    for (let n = 0; n < 8; n++)
      await putEvent(admin, root, {
        message: 'x'.repeat(1_000),
        metadata: { name: `e-${n}`, annotations: { large: 'x'.repeat(100 * KIB) } },
      });
    for (const n of [1, 2, 3, 4, 5]) {
      await putProject(admin, `q-${n}`, { annotations: { large: 'x'.repeat(200 * KIB) } });
    }
  });

  /** The names of all pages, and their sizes. */
  async function walk(query: (after: string | null) => string, connectionOf: (data: unknown) => Connection) {
    const names: string[] = [];
    const sizes: number[] = [];
    for (let after: string | null = null; ; ) {
      const { data, errors } = await writ.as('admin', query(after));
      expect(errors).toBeUndefined();
      const { edges, pageInfo } = connectionOf(data);
      names.push(...edges.map(({ node }) => node.name));
      sizes.push(edges.length);
      if (!pageInfo.hasNextPage) return { names, sizes };
      expect(edges.length).toBeGreaterThan(0);
      after = pageInfo.endCursor;
    }
  }

  const argument = (after: string | null) => (after === null ? '' : `, after: "${after}"`);
  const LISTS: Record<string, string> = {
    'in name order': '',
    'with a label selector': ', labelSelector: "root!=true"',
    'in another order': ', orderBy: { field: CREATED_AT, direction: DESC }',
    'with a search': ', filter: { search: "FIND" }',
  };

  it.for(Object.entries(LISTS))('sessions %s are shorter pages, each session once', async ([, more]) => {
    const { names, sizes } = await walk(
      (after) => `{ project(name: "p") { sessions(first: 50${more}${argument(after)}) { ${FIELDS} } } }`,
      (data) => (data as { project: { sessions: Connection } }).project.sessions,
    );
    expect(names.filter((name) => name !== 'root').sort()).toEqual(NAMES);
    expect(new Set(names).size).toBe(names.length);
    expect(Math.max(...sizes)).toBeLessThan(5);
  });

  it('children are shorter pages, each child once', async () => {
    const { names, sizes } = await walk(
      (after) =>
        `{ session(project: "p", name: "root") { children(first: 50${argument(after)}) { ${FIELDS} } } }`,
      (data) => (data as { session: { children: Connection } }).session.children,
    );
    expect(names).toEqual(NAMES);
    expect(Math.max(...sizes)).toBeLessThan(5);
  });

  it('projects are shorter pages, each project once', async () => {
    const { names, sizes } = await walk(
      (after) => `{ projects(first: 50${argument(after)}) { ${FIELDS} } }`,
      (data) => (data as { projects: Connection }).projects,
    );
    expect(names).toEqual(expect.arrayContaining(['p', 'q-1', 'q-2', 'q-3', 'q-4', 'q-5']));
    expect(new Set(names).size).toBe(names.length);
    expect(sizes.length).toBeGreaterThan(1);
  });

  it('several filters and orders in one operation share what may be kept, and none of them fails', async () => {
    const aliases = {
      byName: 'orderBy: { field: NAME, direction: DESC }',
      byTime: 'orderBy: { field: CREATED_AT, direction: DESC }',
      // The last one of the scan, when the others have what they may keep.
      last: 'filter: { search: "s-8" }',
    };
    const fields = Object.entries(aliases).map(
      ([alias, args]) => `${alias}: sessions(first: 50, ${args}) { ${FIELDS} }`,
    );
    const { data, errors } = await writ.as('alice', `{ project(name: "p") { ${fields.join(' ')} } }`);
    expect(errors).toBeUndefined();
    const { byName, byTime, last } = data.project;
    for (const { edges, pageInfo } of [byName, byTime]) {
      expect(edges.length).toBeGreaterThan(0);
      expect(pageInfo.hasNextPage).toBe(true);
    }
    expect(last).toMatchObject({ edges: [{ node: { name: 's-8' } }], pageInfo: { hasNextPage: false } });
  });

  it('events are truncated, beside a job and its pods', async () => {
    const query = `{ session(project: "p", name: "root") {
      job { name } pods { name } events { reason } eventsTruncated
    } }`;
    const { data, errors } = await writ.as('alice', query);
    expect(errors).toBeUndefined();
    expect(data.session).toMatchObject({ job: {}, pods: [{}], eventsTruncated: true });
    expect(data.session.events.length).toBeGreaterThan(0);
  });
});

describe('sessions with values that are small as JSON', () => {
  const writ = startProxiedWrit({
    sandbox: { demo: false },
    environment: { WRIT_REQUEST_BYTES_KEPT: String(1024 * KIB) },
  });
  const LIST = 'sessions(first: 50, orderBy: { field: CREATED_AT, direction: DESC })';
  const inList = (fields: string) => `{ project(name: "p") { ${LIST} { ${fields} } } }`;

  beforeAll(async () => {
    const admin = writ.kubernetes('admin');
    await putProject(admin, 'p');
    const put = (name: string, value: unknown) =>
      putSession(admin, 'p', name, { spec: { mcpServers: { custom: { value } } } });
    await put('deep', 'DEEP');
    for (let n = 0; n < 5; n++) await put(`empty-${n}`, Array(20_000).fill({}));
  });

  // A cluster stores up to 10,000 levels; JSON.stringify, by which the tests put objects, cannot write as many.
  const DEEP = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`;
  beforeEach(() =>
    writ.proxy.set(async ({ path }, forward) => {
      const reply = await forward();
      if (!path.includes('/agenticsessions')) return reply;
      return { ...reply, body: JSON.stringify(reply.body).replaceAll('"DEEP"', DEEP) };
    }),
  );

  it('are in a list, though they are deeper than the stack', async () => {
    const { data, errors } = await writ.as('alice', inList('totalCount'));
    expect(errors).toBeUndefined();
    expect(data.project.sessions.totalCount).toBe(6);
    const query =
      '{ project(name: "p") { sessions(first: 50, filter: { search: "deep" }) { nodes { name } } } }';
    expect((await writ.as('alice', query)).data.project.sessions.nodes).toEqual([{ name: 'deep' }]);
  });

  it('are shorter pages, though their JSON would fit: an empty object takes more memory than its two characters', async () => {
    const { data, errors } = await writ.as('alice', inList('nodes { name } pageInfo { hasNextPage }'));
    expect(errors).toBeUndefined();
    const { nodes, pageInfo } = data.project.sessions;
    expect(nodes.length).toBeGreaterThan(0);
    expect(nodes.length).toBeLessThan(5);
    expect(pageInfo.hasNextPage).toBe(true);
  });

  it('cannot be read as they are stored, if they have too many levels', async () => {
    const { data, errors } = await writ.as('alice', '{ session(project: "p", name: "deep") { raw } }');
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COMPLEX', limit: 'responseDepth', maximum: 500 } },
    ]);
  });
});

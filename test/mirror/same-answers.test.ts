import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PARENT_SESSION } from '../../src/model/labels-and-annotations.ts';
import { eventually } from '../support/eventually.ts';
import { SESSIONS } from '../support/objects.ts';
import { putProject, putSession } from '../support/put-objects.ts';
import { startWrit } from '../support/writ.ts';
import { MIRRORS, mirrored, untilMirrored } from './fixture.ts';

const QUERY = `query ($first: Int, $after: String, $labelSelector: String, $filter: SessionFilter, $orderBy: SessionOrder) {
  project(name: "p") {
    displayName
    sessions(first: $first, after: $after, labelSelector: $labelSelector, filter: $filter, orderBy: $orderBy) {
      nodes { name uid resourceVersion displayName initialPrompt phase createdAt raw }
      totalCount
      pageInfo { hasNextPage hasPreviousPage }
    }
  }
}`;
const WITH_CURSOR = QUERY.replace('hasNextPage', 'hasNextPage endCursor');
const CHILDREN = `query { project(name: "p") { session(name: "a-0") {
  children(first: 3) { nodes { name resourceVersion } totalCount pageInfo { hasNextPage } }
} } }`;
const SESSIONS_AT_FIRST = 40;

const word = fc.constantFrom('alpha', 'Beta', 'ﬁne', 'Ärger', 'straße', '');
const page = fc.record({
  first: fc.integer({ min: 1, max: 60 }),
  labelSelector: fc.option(
    fc.constantFrom(
      'team=red',
      'team!=red',
      'team in (red, blue)',
      'team notin (red)',
      'team',
      '!team',
      'team=red,tier',
      ' team == blue , !tier',
      'tier=',
    ),
    { nil: undefined },
  ),
  filter: fc.option(
    fc.record(
      {
        search: word,
        phase: fc.subarray(['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'STOPPED']),
        mine: fc.boolean(),
        createdAfter: fc.constantFrom('2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z'),
        runnerType: fc.subarray(['claude-code', 'x']),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  ),
  orderBy: fc.option(
    fc.record({
      field: fc.constantFrom('NAME', 'CREATED_AT', 'LAST_ACTIVITY', 'DISPLAY_NAME'),
      direction: fc.constantFrom('ASC', 'DESC'),
    }),
    { nil: undefined },
  ),
});

describe('an answer from a mirror', () => {
  const writ = startWrit({ sandbox: { demo: false }, environment: MIRRORS });
  const admin = writ.kubernetes('admin');
  beforeAll(async () => {
    await putProject(admin, 'p');
    for (let n = 0; n < SESSIONS_AT_FIRST; n += 1) await putRandom(`a-${n}`, n);
  });

  function putRandom(name: string, n: number) {
    const labels = { ...(n % 3 && { team: n % 2 ? 'red' : 'blue' }), ...(n % 4 === 0 && { tier: '' }) };
    return putSession(admin, 'p', name, {
      metadata: { labels, ...(n % 5 === 1 && { annotations: { [PARENT_SESSION]: 'a-0' } }) },
      spec: { displayName: ['alpha', 'Beta', 'ﬁne', undefined][n % 4], initialPrompt: `STRASSE ärger ${n}` },
      ...(n % 2 && { status: { phase: ['Running', 'Failed', 'Completed'][n % 3] } }),
    });
  }

  async function ask(query: string, variables: object, mirror?: object) {
    const authorization = `Bearer ${writ.sandbox.identities.alice.token}`;
    return writ.post({ query, variables, ...(mirror && { extensions: { mirror } }) }, { authorization });
  }

  function namesOf({ data }: Awaited<ReturnType<typeof ask>>): string[] {
    return data.project.sessions.nodes.map(({ name }: { name: string }) => name);
  }

  it('is what the cluster answers, for every selection and page, while sessions change', async () => {
    await untilMirrored(writ, 'alice', 'p');
    let changes = 0;
    let fromMirror = 0;
    const change = async (kind: number) => {
      changes += 1;
      const n = changes % SESSIONS_AT_FIRST;
      const made = `b-${changes}`;
      if (kind === 0)
        await admin.patch(`${SESSIONS('p')}/a-${n}`, { spec: { displayName: `alpha ${changes}` } });
      else await putRandom(made, changes);
      if (kind === 2) await admin.delete(`${SESSIONS('p')}/${made}`);
      return (await admin.get(SESSIONS('p'))).body.items
        .map(({ metadata }: { metadata: { resourceVersion: string } }) => Number(metadata.resourceVersion))
        .reduce((a: number, b: number) => Math.max(a, b), 1);
    };
    await fc.assert(
      fc.asyncProperty(page, fc.integer({ min: 0, max: 2 }), async (variables, kind) => {
        const resourceVersion = String(await change(kind));
        let after: string | null = null;
        for (let pages = 0; pages === 0 || (after && pages < 3); pages += 1) {
          const [fresh, kept]: Awaited<ReturnType<typeof ask>>[] = await eventually(async () => {
            const answers = await Promise.all([
              ask(QUERY, { ...variables, after }, { fresh: true }),
              ask(QUERY, { ...variables, after }, { resourceVersion }),
            ]);
            // A deletion has no version that a client could wait for.
            if (kind === 2) expect(namesOf(answers[1])).toEqual(namesOf(answers[0]));
            return answers;
          });
          expect(kept?.errors).toEqual(fresh?.errors);
          // With a selector, the cluster can announce a page that is then empty.
          const [page, freshPage] = [kept, fresh].map((answer) => answer?.data.project.sessions);
          if (variables.labelSelector && freshPage.pageInfo.hasNextPage && !page.pageInfo.hasNextPage) {
            page.pageInfo.hasNextPage = true;
            page.totalCount = freshPage.totalCount;
          }
          expect(kept?.data).toEqual(fresh?.data);
          expect(mirrored(fresh as never)).toEqual([]);
          fromMirror += mirrored(kept as never).length;
          // A cursor that the mirror has made, or one of the cluster.
          const next = await ask(WITH_CURSOR, { ...variables, after }, kind ? undefined : { fresh: true });
          const { hasNextPage, endCursor } = next.data.project.sessions.pageInfo;
          after = hasNextPage ? endCursor : null;
        }
      }),
      { numRuns: Number(process.env.MIRROR_RUNS ?? 60) },
    );
    expect(fromMirror).toBeGreaterThan(40);
    const [fresh, kept] = await Promise.all([ask(CHILDREN, {}, { fresh: true }), ask(CHILDREN, {})]);
    expect(kept.data).toEqual(fresh.data);
    expect(kept.data.project.session.children.totalCount).toBeGreaterThan(7);
    expect(mirrored(kept)).toHaveLength(1);
  });

  it.each(['team in', 'a,,b', 'team=-', '=x', 'team>3', 'a in (b', 'team=x y'])(
    'refuses the selector %j as the cluster does',
    async (labelSelector) => {
      await untilMirrored(writ, 'alice', 'p');
      const [fresh, kept] = await Promise.all([
        ask(QUERY, { labelSelector }, { fresh: true }),
        ask(QUERY, { labelSelector }),
      ]);
      expect(kept.errors?.[0]?.message).toEqual(fresh.errors?.[0]?.message);
      expect(kept.data).toEqual(fresh.data);
    },
  );
});

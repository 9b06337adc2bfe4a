import { BadUserInput } from '../../errors.ts';
import type { Namespace } from '../../kubernetes/resources.ts';
import { OPENSHIFT_PROJECTS } from '../../model/openshift-project.ts';
import type { Context } from '../context.ts';
import { readClusterPage } from '../relay/cluster-page.ts';
import { type Edge, type Page, pageOf } from '../relay/page.ts';
import type { PageRequest } from '../relay/page-request.ts';
import { SortedPageBuilder } from '../relay/sorted-page.ts';
import { listNamespaces, scanNamespaces, scanOpenShiftProjects } from './namespaces.ts';
import { isFound, type ProjectSelection, sortKey, VisibleProjects } from './selection.ts';

export interface ProjectPage extends Page<Namespace> {
  totalCount: number | null;
}

type ProjectPageRequest = PageRequest<ProjectSelection>;

/** How many projects are read or reviewed at once. The caller may see only a few: with fewer a page would take many calls. */
const CHUNK = { min: 50, max: 100 };
/** The maximum number of projects that are reviewed for one page. The page then ends with a cursor. */
const MAX_REVIEWED = 200;
/** The part of the request's calls that reviews may take. */
const REVIEWS_SHARE = 2 / 3;
/** The maximum number of calls for namespaces for one page. */
const MAX_LISTS = 20;

export async function readProjectPage(context: Context, request: ProjectPageRequest): Promise<ProjectPage> {
  const { order } = request.selection;
  if (await context.serves(OPENSHIFT_PROJECTS)) {
    return readSortedPage(context, request, scanOpenShiftProjects(context.reader));
  }
  if (order.field === 'NAME' && order.direction === 'ASC') return readNamePage(context, request);
  return readSortedPage(context, request, scanNamespaces(context.reader));
}

/** In the cluster's own order. */
function readNamePage(context: Context, request: ProjectPageRequest): Promise<ProjectPage> {
  const { reviews, reader, user } = context;
  const { search } = request.selection;
  const visible = new VisibleProjects(reviews);
  const max = maxReviewed(context);
  const chunk = { min: Math.min(CHUNK.min, max), max: Math.min(CHUNK.max, max) };
  const next = Math.min(Math.max(request.first, chunk.min), chunk.max);
  return readClusterPage(request, {
    list: (options) => listNamespaces(reader, options),
    select: (projects) => visible.among(projects.filter((project) => isFound(project, search))),
    budget: user.scope.budget,
    pageSize: chunk,
    shouldContinue: ({ calls }) => calls < MAX_LISTS && visible.reviewed + next <= max,
  });
}

/**
 * In an order of Writ's own. Of the whole selection, which is read, only the projects behind the cursor are reviewed, in
 * order, until the page is full.
 */
async function readSortedPage(
  context: Context,
  request: ProjectPageRequest,
  scanned: AsyncGenerator<Namespace[]>,
): Promise<ProjectPage> {
  const { selection, first, position } = request;
  const max = maxReviewed(context);
  const candidates = await sortedCandidates(context, { ...request, first: Math.max(max, first) }, scanned);
  const visible = new VisibleProjects(context.reviews);
  const edges: Edge<Namespace>[] = [];
  let taken = 0;
  while (taken < candidates.edges.length && edges.length < first && visible.reviewed < max) {
    const most = visible.seesAll ? Number.POSITIVE_INFINITY : max - visible.reviewed;
    const length = Math.min(Math.max(first - edges.length, CHUNK.min), CHUNK.max, most);
    const chunk = candidates.edges.slice(taken, taken + length);
    const shown = new Set(await visible.among(chunk.map(({ node }) => node)));
    edges.push(...chunk.filter(({ node }) => shown.has(node)));
    taken += chunk.length;
  }
  const isComplete = taken === candidates.edges.length && !candidates.pageInfo.hasNextPage;
  const page = edges.slice(0, first);
  const hasNextPage = !isComplete || edges.length > first;
  // A page that is not full ends where reviewing stopped.
  const last = candidates.edges[taken - 1];
  const end =
    page.length < first && hasNextPage && last
      ? { continue: '', index: -1, key: sortKey(last.node, selection) }
      : undefined;
  const isCounted = visible.seesAll || (isComplete && !position);
  const count = visible.seesAll ? candidates.totalCount : edges.length;
  return { ...pageOf(page, hasNextPage, request, end), totalCount: isCounted ? count : null };
}

/** The first of the selection behind the cursor, whoever may see them. */
async function sortedCandidates(
  { user, scanLimit }: Context,
  request: ProjectPageRequest,
  scanned: AsyncGenerator<Namespace[]>,
) {
  const { selection } = request;
  const { budget } = user.scope;
  const builder = new SortedPageBuilder<Namespace>(request, { direction: selection.order.direction, budget });
  let read = 0;
  for await (const projects of scanned) {
    read += projects.length;
    if (read > scanLimit) {
      const message = `would read more than ${scanLimit} projects: order them by name`;
      throw new BadUserInput([{ path: 'orderBy', message }]);
    }
    const add = () => {
      for (const project of projects) {
        if (isFound(project, selection.search)) builder.add(project, sortKey(project, selection));
      }
    };
    if (budget) budget.measure(add);
    else add();
  }
  return builder.page();
}

function maxReviewed({ user }: Context): number {
  const callsLeft = user.scope.budget?.callsLeft ?? Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(MAX_REVIEWED, Math.floor(callsLeft * REVIEWS_SHARE)));
}

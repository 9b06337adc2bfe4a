import type { RequestBudget } from '../../budgets/request-budget.ts';
import { BadUserInput } from '../../errors.ts';
import type { MirroredReader, Snapshot } from '../../kubernetes/reader.ts';
import { SCAN_PAGE, scanPages, snapshotPages } from '../../kubernetes/scan.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import { SortedPageBuilder } from '../relay/sorted-page.ts';
import { ComparedForm, keptFormOf } from './compared-form.ts';
import {
  hasFilter,
  matches,
  type SessionPage,
  type SessionPageRequest,
  type SessionSelection,
} from './selection.ts';

export interface SessionScanOptions {
  reader: MirroredReader;
  budget: RequestBudget | undefined;
  /** How many sessions may be read. */
  limit: number;
}

/**
 * Pages that the cluster cannot filter or order itself. Those of the same namespace and label selector share one scan,
 * which keeps nothing but their nodes.
 */
export async function scanSessions(
  { reader, budget, limit }: SessionScanOptions,
  requests: readonly SessionPageRequest[],
): Promise<(SessionPage | Error)[]> {
  const results = new Map<SessionPageRequest, SessionPage | Error>();
  const groups = Map.groupBy(requests, ({ selection: { namespace, labelSelector } }) =>
    JSON.stringify([namespace, labelSelector]),
  );
  for (const group of groups.values()) {
    const pages = await scanGroup(reader, budget, limit, group).catch((error: Error) => error);
    for (const [index, request] of group.entries()) {
      results.set(request, pages instanceof Error ? pages : (pages[index] as SessionPage | Error));
    }
  }
  return requests.map((request) => results.get(request) as SessionPage | Error);
}

async function scanGroup(
  reader: MirroredReader,
  budget: RequestBudget | undefined,
  limit: number,
  requests: readonly SessionPageRequest[],
): Promise<(SessionPage | Error)[]> {
  // Equal parts, so that large sessions make each page shorter and none of them fail.
  const maxBytes = budget && budget.bytesLeft / requests.length;
  const builders = requests.map((request) => ({
    selection: request.selection,
    builder: new SortedPageBuilder<AgenticSession>(request, {
      direction: request.selection.order.direction,
      budget,
      ...(maxBytes !== undefined && { maxBytes }),
    }),
  }));
  const isSearched = requests.some(({ selection }) => selection.search !== '');
  const { namespace = '', labelSelector } = requests[0]?.selection ?? {};
  const snapshot = await reader.snapshot<AgenticSession>(AGENTIC_SESSIONS, namespace, {
    labelSelector,
    scan: true,
  });
  const pages = snapshot
    ? snapshotPages(reader, inLikelyOrder(snapshot, requests), Math.ceil(SCAN_PAGE.size / requests.length))
    : scanPages<AgenticSession>(reader, AGENTIC_SESSIONS, namespace, { labelSelector });
  let read = 0;
  let resourceVersion: string | undefined;
  for await (const page of pages) {
    resourceVersion ??= page.metadata.resourceVersion;
    read += page.items.length;
    if (read > limit) return requests.map(({ selection }) => tooManySessions(selection, limit));
    const select = () => {
      for (const session of page.items) {
        const derived = snapshot ? keptFormOf(session) : new ComparedForm(session);
        const texts = isSearched ? derived.texts : [];
        for (const { selection, builder } of builders) {
          if (matches(session, texts, selection)) builder.add(session, derived.key(selection.order.field));
        }
      }
    };
    if (budget) budget.measure(select);
    else select();
  }
  return builders.map(({ builder }) => ({ ...builder.page(), resourceVersion: resourceVersion ?? '' }));
}

/** Names and times of creation often grow together: pages are built faster if what they begin with comes first. */
function inLikelyOrder(
  snapshot: Snapshot<AgenticSession>,
  requests: readonly SessionPageRequest[],
): Snapshot<AgenticSession> {
  const isDescending = requests.every(({ selection }) => selection.order.direction === 'DESC');
  return isDescending ? { ...snapshot, objects: snapshot.objects.toReversed() } : snapshot;
}

function tooManySessions(selection: SessionSelection, limit: number): BadUserInput {
  const message = `would read more than ${limit} sessions: narrow the selection with labelSelector`;
  return new BadUserInput([{ path: hasFilter(selection) ? 'filter' : 'orderBy', message }]);
}

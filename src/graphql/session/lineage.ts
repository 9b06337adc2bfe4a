import { isOverBudget, type RequestBudget } from '../../budgets/request-budget.ts';
import { objectBytes } from '../../budgets/value-size.ts';
import { QueryTooComplex } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { pages } from '../../kubernetes/pages.ts';
import type { MetadataOnly, MirroredReader } from '../../kubernetes/reader.ts';
import { SCAN_PAGE, scanPages, snapshotPages } from '../../kubernetes/scan.ts';
import { PARENT_SESSION } from '../../model/labels-and-annotations.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';

/** So few sessions are read one by one, more of them by a scan of the project. */
const MAX_SINGLE_READS = 4;

/** The names of each parent's children in a project, in order. */
export interface Lineage {
  children: Map<string, string[]>;
  resourceVersion: string;
}

/** Reads the lineage of a project from metadata alone, or a mirror: the parent is an annotation. At most `limit` sessions. */
export async function readLineage(
  reader: MirroredReader,
  budget: RequestBudget | undefined,
  limit: number,
  namespace: string,
): Promise<Lineage> {
  const children = new Map<string, string[]>();
  let read = 0;
  let resourceVersion = '';
  const snapshot = await reader.snapshot<AgenticSession>(AGENTIC_SESSIONS, namespace, { scan: true });
  const list = snapshot
    ? snapshotPages(reader, snapshot)
    : pages<MetadataOnly>(SCAN_PAGE, (page) =>
        reader.listMetadata(AGENTIC_SESSIONS, namespace, { ...page, transient: true }),
      );
  for await (const { metadata, items } of list) {
    resourceVersion ||= metadata.resourceVersion;
    read += items.length;
    if (read > limit) {
      const message = `The project has more than ${limit} sessions: children cannot be read`;
      throw new QueryTooComplex(message, { limit: 'scannedObjects', maximum: limit });
    }
    for (const { metadata: child } of items) {
      const parent = child.annotations?.[PARENT_SESSION];
      if (parent === undefined) continue;
      budget?.keep(child.name.length + parent.length);
      const names = children.get(parent);
      if (names) names.push(child.name);
      else children.set(parent, [child.name]);
    }
  }
  return { children, resourceVersion };
}

/**
 * Sessions of one project by their names; null for each that does not exist any more. If the request cannot keep all of
 * them, those that follow are the error.
 */
export async function readSessionsByName(
  reader: MirroredReader,
  budget: RequestBudget | undefined,
  namespace: string,
  names: readonly string[],
): Promise<(AgenticSession | Error | null)[]> {
  const snapshot = await reader.snapshot<AgenticSession>(AGENTIC_SESSIONS, namespace, { scan: false });
  if (!snapshot && names.length <= MAX_SINGLE_READS) {
    const sessions = await Promise.all(
      names.map((name) =>
        reader.find<AgenticSession>(AGENTIC_SESSIONS, namespace, name).catch((error: Error) => error),
      ),
    );
    // A caller may have the right to list sessions, and not the right to get one.
    if (!sessions.some((error) => error instanceof KubernetesError && error.statusCode === 403))
      return sessions;
  }
  const found = new Map<string, AgenticSession | null>(names.map((name) => [name, null]));
  let missing = found.size;
  let unread: QueryTooComplex | null = null;
  try {
    const sessions = snapshot
      ? snapshotPages(reader, snapshot)
      : scanPages<AgenticSession>(reader, AGENTIC_SESSIONS, namespace);
    for await (const { items } of sessions) {
      for (const session of items) {
        if (found.get(session.metadata.name) !== null) continue;
        budget?.keep(objectBytes(session));
        found.set(session.metadata.name, session);
        missing -= 1;
      }
      if (missing === 0) break;
    }
  } catch (error) {
    if (!isOverBudget(error)) throw error;
    unread = error;
  }
  return names.map((name) => found.get(name) ?? unread);
}

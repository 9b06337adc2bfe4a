import { BadUserInput } from '../../errors.ts';
import type { AgenticSession } from '../../model/session.ts';
import { phaseOf, type SessionPhase } from '../../sessions/status/session-phase.ts';
import type { ClusterPage } from '../relay/cluster-page.ts';
import type { PageRequest } from '../relay/page-request.ts';
import { parseSearchedText } from '../searched-text.ts';

export type SessionPage = ClusterPage<AgenticSession>;

type Filter = { phase?: SessionPhase[] | null | undefined; search?: string | null | undefined };
type Order = { field: 'NAME' | 'CREATED_AT'; direction: 'ASC' | 'DESC' };

/** Everything that determines the list, normalised. Cursors are bound to it. */
export interface SessionSelection {
  namespace: string;
  labelSelector: string;
  /** Empty: all phases. */
  phases: SessionPhase[];
  /** In lower case. Empty: all sessions. */
  search: string;
  order: Order;
}

/** The selector becomes part of a URL, whose length API servers limit. */
const MAX_SELECTOR_LENGTH = 4_096;

export type SessionPageRequest = PageRequest<SessionSelection>;

export function selectionOf(
  namespace: string,
  labelSelector: string | null | undefined,
  filter: Filter | null | undefined,
  order: Order | null | undefined,
): SessionSelection {
  if (labelSelector && labelSelector.length > MAX_SELECTOR_LENGTH) {
    const message = `must have at most ${MAX_SELECTOR_LENGTH} characters`;
    throw new BadUserInput([{ path: 'labelSelector', message }]);
  }
  return {
    namespace,
    labelSelector: labelSelector ?? '',
    phases: [...new Set(filter?.phase)].sort(),
    search: parseSearchedText(filter?.search, 'filter.search'),
    order: { field: order?.field ?? 'NAME', direction: order?.direction ?? 'ASC' },
  };
}

export function hasFilter({ phases, search }: SessionSelection): boolean {
  return phases.length > 0 || search !== '';
}

/** In lower case, once for all selections: a prompt can be long. */
export function searchedTexts({ metadata, spec }: AgenticSession): string[] {
  const texts: unknown[] = [metadata.name, spec?.displayName, spec?.initialPrompt];
  return texts.filter((text) => typeof text === 'string').map((text) => text.toLowerCase());
}

export function matches(
  session: AgenticSession,
  texts: string[],
  { phases, search }: SessionSelection,
): boolean {
  if (phases.length > 0 && !phases.includes(phaseOf(session))) return false;
  return search === '' || texts.some((text) => text.includes(search));
}

/** Whether a session belongs to the selection. */
export function isSelected(session: AgenticSession, selection: SessionSelection): boolean {
  return matches(session, searchedTexts(session), selection);
}

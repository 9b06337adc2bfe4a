import { BadUserInput } from '../../errors.ts';
import type { Runners } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import { creatorOf } from '../../sessions/creator-of.ts';
import { RUNNER_TYPE_VARIABLE } from '../../sessions/session-fields.ts';
import { phaseOf, type SessionPhase } from '../../sessions/status/session-phase.ts';
import type { ClusterPage } from '../relay/cluster-page.ts';
import type { PageRequest } from '../relay/page-request.ts';
import { searchable, searchOf } from '../search-text.ts';

export type SessionPage = ClusterPage<AgenticSession>;

interface Filter {
  phase?: SessionPhase[] | null | undefined;
  search?: string | null | undefined;
  mine?: boolean | null | undefined;
  createdAfter?: string | null | undefined;
  runnerType?: string[] | null | undefined;
}

interface Order {
  field: 'NAME' | 'CREATED_AT' | 'LAST_ACTIVITY' | 'DISPLAY_NAME';
  direction: 'ASC' | 'DESC';
}

/** What a selection depends on besides its arguments. */
interface Selector {
  subject: { username: string };
  runners: Runners;
}

/** Everything that determines the list, normalised. Cursors are bound to it. */
export interface SessionSelection {
  namespace: string;
  labelSelector: string;
  /** Empty: all phases. */
  phases: SessionPhase[];
  /** As {@link searchOf} returns it. Empty: all sessions. */
  search: string;
  /** The username of the creator. Empty: all sessions. */
  creator: string;
  /** In ms since 1970. Null: all sessions. */
  createdAfter: number | null;
  /** Ids of runner types; an empty one stands for sessions that name none. Empty: all sessions. */
  runnerTypes: string[];
  order: Order;
}

const MAX_RUNNER_TYPES = 100;

/** The selector becomes part of a URL, whose length API servers limit. */
const MAX_SELECTOR_LENGTH = 4_096;

export type SessionPageRequest = PageRequest<SessionSelection>;

export function selectionOf(
  namespace: string,
  labelSelector: string | null | undefined,
  filter: Filter | null | undefined,
  order: Order | null | undefined,
  { subject, runners }: Selector,
): SessionSelection {
  if (labelSelector && labelSelector.length > MAX_SELECTOR_LENGTH) {
    const message = `must have at most ${MAX_SELECTOR_LENGTH} characters`;
    throw new BadUserInput([{ path: 'labelSelector', message }]);
  }
  if (filter?.runnerType && filter.runnerType.length > MAX_RUNNER_TYPES) {
    const message = `must have at most ${MAX_RUNNER_TYPES} ids`;
    throw new BadUserInput([{ path: 'filter.runnerType', message }]);
  }
  const idsOf = (id: string) => (id === runners.template.defaultRunnerType ? [id, ''] : [id]);
  return {
    namespace,
    labelSelector: labelSelector ?? '',
    phases: [...new Set(filter?.phase)].sort(),
    search: searchOf(filter?.search, 'filter.search'),
    creator: filter?.mine ? subject.username : '',
    createdAfter: filter?.createdAfter == null ? null : Date.parse(filter.createdAfter),
    runnerTypes: [...new Set(filter?.runnerType?.flatMap(idsOf))].sort(),
    order: { field: order?.field ?? 'NAME', direction: order?.direction ?? 'ASC' },
  };
}

export function hasFilter(selection: SessionSelection): boolean {
  const { phases, search, creator, createdAfter, runnerTypes } = selection;
  return (
    phases.length > 0 || search !== '' || creator !== '' || createdAfter !== null || runnerTypes.length > 0
  );
}

/** In their searchable form, once for all selections: a prompt can be long. */
export function searchedTexts({ metadata, spec }: AgenticSession): string[] {
  const texts: unknown[] = [metadata.name, spec?.displayName, spec?.initialPrompt];
  return texts.filter((text) => typeof text === 'string').map(searchable);
}

export function matches(session: AgenticSession, texts: string[], selection: SessionSelection): boolean {
  const { phases, search, creator, createdAfter, runnerTypes } = selection;
  if (phases.length > 0 && !phases.includes(phaseOf(session))) return false;
  if (creator !== '' && creatorOf(session) !== creator) return false;
  if (createdAfter !== null && !(Date.parse(session.metadata.creationTimestamp) > createdAfter)) return false;
  const runnerType = session.spec?.environmentVariables?.[RUNNER_TYPE_VARIABLE] ?? '';
  if (runnerTypes.length > 0 && !runnerTypes.includes(runnerType)) return false;
  return search === '' || texts.some((text) => text.includes(search));
}

/** Whether a session belongs to the selection. */
export function isSelected(session: AgenticSession, selection: SessionSelection): boolean {
  return matches(session, searchedTexts(session), selection);
}

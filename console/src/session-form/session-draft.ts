import type { CreateSessionInput } from '../generated/graphql.ts';
import { EMPTY_SESSION, type SessionValues, templateOf } from '../session-fields/session-values.ts';

/** What was typed. Empty texts are as absent. */
export interface SessionDraft extends SessionValues {
  name: string;
  parentSession: string;
  start: boolean;
}

export const EMPTY_DRAFT: SessionDraft = { ...EMPTY_SESSION, name: '', parentSession: '', start: true };

/** In characters. */
const MAX_TITLE = 60;

export function inputOf(project: string, draft: SessionDraft, idempotencyKey: string): CreateSessionInput {
  return {
    project,
    idempotencyKey,
    ...templateOf(draft),
    displayName: displayNameOf(draft),
    name: draft.name.trim() || null,
    parentSession: draft.parentSession.trim() || null,
    start: draft.start,
  };
}

/** Without one, the beginning of the prompt: a generated name says nothing. */
function displayNameOf({ displayName, name, initialPrompt }: SessionDraft): string | null {
  if (displayName.trim() !== '') return displayName.trim();
  const [line = ''] = initialPrompt.trim().split('\n');
  const words = line.trim().replaceAll(/\s+/g, ' ');
  if (name.trim() !== '' || words === '') return null;
  return words.length <= MAX_TITLE ? words : `${words.slice(0, MAX_TITLE).replace(/ \S*$/, '')}…`;
}

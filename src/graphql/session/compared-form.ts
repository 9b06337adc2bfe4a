import type { AgenticSession } from '../../model/session.ts';
import { searchable } from '../search-text.ts';
import { asDateTime, asText } from '../stored-value.ts';
import { type SessionSelection, searchedTexts } from './selection.ts';

type OrderField = SessionSelection['order']['field'];

/** What filters and orders compare of a session. Each part is computed when it is needed. */
export class ComparedForm {
  readonly #session: AgenticSession;
  readonly #keys: Partial<Record<OrderField, string[]>> = {};
  #texts: string[] | undefined;

  constructor(session: AgenticSession) {
    this.#session = session;
  }

  /** As {@link searchedTexts}. */
  get texts(): string[] {
    if (this.#texts) return this.#texts;
    const texts = searchedTexts(this.#session);
    if (isShort(texts, this.#session)) this.#texts = texts;
    return texts;
  }

  /** What the order compares. The name comes last, so that no two sessions have the same. */
  key(field: OrderField): string[] {
    this.#keys[field] ??= sortKey(this.#session, field);
    return this.#keys[field];
  }
}

const kept = new WeakMap<AgenticSession, ComparedForm>();

/** The form of a session that does not change, for as long as it is in memory. */
export function keptFormOf(session: AgenticSession): ComparedForm {
  const known = kept.get(session);
  if (known) return known;
  const form = new ComparedForm(session);
  kept.set(session, form);
  return form;
}

/** A few characters become many in the form that is searched: such texts are not kept. */
function isShort(texts: string[], { metadata, spec }: AgenticSession): boolean {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const stored = [metadata.name, asText(spec?.displayName) ?? '', asText(spec?.initialPrompt) ?? ''];
  return length <= 1.1 * stored.reduce((sum, text) => sum + text.length, 0);
}

function sortKey({ metadata, spec, status }: AgenticSession, field: OrderField): string[] {
  const { name, creationTimestamp } = metadata;
  switch (field) {
    case 'NAME':
      return [name];
    case 'CREATED_AT':
      return [creationTimestamp, name];
    case 'LAST_ACTIVITY':
      return [comparableTime(status?.lastActivityTime), name];
    case 'DISPLAY_NAME':
      return [searchable((asText(spec?.displayName) || name).slice(0, MAX_KEY_LENGTH)), name];
  }
}

/** The key is part of cursors, and other definitions of the resource do not limit the display name. */
const MAX_KEY_LENGTH = 256;

/** Empty if there is none. */
function comparableTime(stored: unknown): string {
  const time = asDateTime(stored);
  return time ? new Date(time).toISOString() : '';
}

import { displayName, text } from '../sessions/session-fields.ts';

/** What a project may say about itself. Empty is not absent: null clears a text. */
export const projectTexts = {
  displayName: displayName.min(1).nullish(),
  description: text(4_096).min(1).nullish(),
};

import type { InputFields } from './template-input.ts';

export function idempotencyKeyField(t: InputFields) {
  return t.string({
    description:
      'A string of 1 to 256 characters that makes a repeated request safe: the same key with the same input, from the same user and for a session of the same project, returns the session that was created first. The same key with another input fails with CONFLICT.',
  });
}

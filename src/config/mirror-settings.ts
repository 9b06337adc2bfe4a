import { z } from 'zod';
import { defaultMirrorBytes } from '../budgets/heap.ts';
import type { MirrorLimits } from '../mirror/kept-mirrors.ts';
import { positive } from './values.ts';

/** Copies of collections that users read again and again. */
export const mirrorVariables = {
  WRIT_MIRROR_BYTES: z.coerce.number().int().nonnegative().optional(),
  WRIT_MIRRORS: positive.max(10_000).default(200),
  WRIT_USER_MIRRORS: positive.default(5),
  WRIT_MIRROR_IDLE_MS: positive.default(120_000),
};

export function mirrorSettings(data: z.infer<z.ZodObject<typeof mirrorVariables>>): MirrorLimits {
  return {
    bytes: data.WRIT_MIRROR_BYTES ?? defaultMirrorBytes(),
    perUser: data.WRIT_USER_MIRRORS,
    all: data.WRIT_MIRRORS,
    idleMs: data.WRIT_MIRROR_IDLE_MS,
  };
}

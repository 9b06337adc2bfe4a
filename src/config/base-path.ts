import { z } from 'zod';

/** Of the characters that no client and no proxy encodes. */
export const basePath = z
  .string()
  .regex(
    /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*\/?$/,
    'must be a path such as /writ, of letters, digits and - . _ ~',
  )
  .transform((path) => path.replace(/\/$/, ''));

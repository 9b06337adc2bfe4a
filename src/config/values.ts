import { z } from 'zod';

/** The forms that the values of settings have. */
export const port = z.coerce.number().int().min(0).max(65_535);
export const positive = z.coerce.number().int().positive();
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Separated by commas. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

/** Of the characters that no client and no proxy encodes. */
export const basePath = z
  .string()
  .regex(
    /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)*\/?$/,
    'must be a path such as /writ, of letters, digits and - . _ ~',
  )
  .transform((path) => path.replace(/\/$/, ''));

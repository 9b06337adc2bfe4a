import { z } from 'zod';
import { type ListedOperation, readOperations } from './operations-file.ts';
import { flag, list } from './values.ts';

const GROUPS_RULE = 'must be true, false, or names of groups, separated by commas';
const LIKE_A_FLAG = /^(true|false|yes|no|on|off|0|1)$/i;

const groups = list.pipe(
  z.array(z.string().refine((name) => !LIKE_A_FLAG.test(name), GROUPS_RULE)).min(1, GROUPS_RULE),
);

/** The settings of which operations Writ executes. */
export const operationVariables = {
  WRIT_OPERATIONS_FILE: z.string().min(1).optional(),
  WRIT_AD_HOC_OPERATIONS: z.union([flag, groups], GROUPS_RULE).optional(),
  WRIT_AUTOMATIC_PERSISTED_QUERIES: flag.default(false),
  WRIT_INTROSPECTION: flag.default(true),
};

export interface OperationSettings {
  /** The operations of the file; undefined without one. */
  listed: readonly ListedOperation[] | undefined;
  /** Who may send operations that are not listed: everyone, no one, or members of these groups. */
  adHoc: boolean | readonly string[];
  /** Whether a client may register an operation, and then send its hash alone. */
  automatic: boolean;
  introspection: boolean;
}

/** Errors: for the administrator. */
export function operationSettings(data: z.infer<z.ZodObject<typeof operationVariables>>): OperationSettings {
  const { WRIT_OPERATIONS_FILE: file, WRIT_AD_HOC_OPERATIONS: adHoc } = data;
  if (file === undefined && adHoc !== undefined && adHoc !== true) {
    throw new Error('WRIT_AD_HOC_OPERATIONS needs WRIT_OPERATIONS_FILE, which lists the other operations');
  }
  return {
    listed: file === undefined ? undefined : readOperations(file),
    adHoc: adHoc ?? file === undefined,
    automatic: data.WRIT_AUTOMATIC_PERSISTED_QUERIES,
    introspection: data.WRIT_INTROSPECTION,
  };
}

import { z } from 'zod';
import { problemWithRole } from '../members/subject-input.ts';
import { PROJECT_ROLES } from '../model/project-role.ts';
import { gitRef, gitUrl, inactivityTimeout, resourceVersion, text } from '../sessions/session-fields.ts';

/** Each of them takes some calls, of which a request has a limited number. */
const MAX_GROUPS = 64;
const MAX_REPOSITORIES = 256;

const isSingleLine = (value: string) => !/[\r\n\t]/.test(value) && value.trim() === value;

const groupName = text(1_024).min(1).refine(isSingleLine, 'must be a single line without spaces around it');

const groupAccess = z
  .array(
    z.object({ groupName, role: z.enum(PROJECT_ROLES) }).superRefine(({ groupName: name, role }, context) => {
      const message = problemWithRole({ kind: 'GROUP', name }, role);
      if (message) context.addIssue({ code: 'custom', path: ['groupName'], message });
    }),
  )
  .max(MAX_GROUPS)
  .superRefine(unique(({ groupName: name }) => name, 'groupName'));

const repositories = z
  .array(
    z.object({
      url: gitUrl,
      branch: gitRef.nullish(),
      provider: text(63).min(1).refine(isSingleLine, 'must be a single line').nullish(),
    }),
  )
  .max(MAX_REPOSITORIES)
  .superRefine(unique(({ url, branch }) => `${url} ${branch ?? ''}`, 'url'));

export const settingsInput = z.object({
  project: z.string(),
  resourceVersion: resourceVersion.nullish(),
  groupAccess: groupAccess.nullish(),
  runnerSecretsName: z.string().nullish(),
  inactivityTimeoutSeconds: inactivityTimeout.nullish(),
  repositories: repositories.nullish(),
  allowRemovingLastAdmin: z.boolean().nullish(),
});

export type UpdateProjectSettingsInput = z.input<typeof settingsInput>;

/** Adds an issue for each item whose key an earlier one has. */
function unique<T>(keyOf: (item: T) => string, field: string) {
  return (items: T[], context: z.RefinementCtx<T[]>) => {
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      if (seen.has(keyOf(item)))
        context.addIssue({ code: 'custom', path: [index, field], message: 'is given twice' });
      seen.add(keyOf(item));
    }
  };
}

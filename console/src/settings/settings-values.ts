import type { ComparedField } from '../components/conflict-notice.tsx';
import { numberOf } from '../components/number-field.tsx';
import type {
  ProjectRole,
  SettingsDetailsFragment,
  UpdateProjectSettingsInput,
} from '../generated/graphql.ts';
import { access } from '../text/access.ts';
import { settings } from '../text/settings.ts';

const text = settings.defaults;

/** The settings as their form has them. */
export interface SettingsValues {
  inactivityTimeoutSeconds: string;
  runnerSecretsName: string;
  repositories: { url: string; branch: string; provider: string }[];
  groupAccess: { groupName: string; role: ProjectRole }[];
}

/** A project without settings has the defaults. */
export function valuesOf(stored: SettingsDetailsFragment | null): SettingsValues {
  return {
    inactivityTimeoutSeconds: stored?.inactivityTimeoutSeconds?.toString() ?? '',
    runnerSecretsName: stored?.runnerSecretsName ?? '',
    repositories:
      stored?.repositories.map(({ url, branch, provider }) => ({
        url,
        branch: branch ?? '',
        provider: provider ?? '',
      })) ?? [],
    groupAccess: stored?.groupAccess.map(({ groupName, role }) => ({ groupName, role })) ?? [],
  };
}

/** What was changed alone, so that nothing else needs permission. */
export function inputOf(changes: Partial<SettingsValues>): Omit<UpdateProjectSettingsInput, 'project'> {
  const { inactivityTimeoutSeconds, runnerSecretsName, repositories, groupAccess } = changes;
  return {
    ...(inactivityTimeoutSeconds !== undefined && {
      inactivityTimeoutSeconds: numberOf(inactivityTimeoutSeconds),
    }),
    ...(runnerSecretsName !== undefined && { runnerSecretsName: runnerSecretsName.trim() || null }),
    ...(repositories && {
      repositories: repositories.map(({ url, branch, provider }) => ({
        url: url.trim(),
        branch: branch || null,
        provider: provider || null,
      })),
    }),
    ...(groupAccess && { groupAccess }),
  };
}

export function comparedFieldsOf(stored: SettingsDetailsFragment): ComparedField[] {
  const { inactivityTimeoutSeconds, runnerSecretsName, repositories, groupAccess } = stored;
  const groups = groupAccess.map(({ groupName, role }) => `${groupName} (${access.roles[role]})`);
  return [
    { label: text.inactivity, value: inactivityTimeoutSeconds },
    { label: text.secretsName, value: runnerSecretsName },
    { label: text.repositories, value: repositories, text: repositories.map(({ url }) => url).join(', ') },
    { label: text.groups, value: groupAccess, text: groups.join(', ') },
  ];
}

import type {
  ProjectRole,
  SettingsDetailsFragment,
  UpdateProjectSettingsInput,
} from '../generated/graphql.ts';

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
export function changesOf(
  values: SettingsValues,
  base: SettingsDetailsFragment | null,
): Omit<UpdateProjectSettingsInput, 'project'> {
  const { inactivityTimeoutSeconds, runnerSecretsName, repositories, groupAccess } = values;
  const before = valuesOf(base);
  const isChanged = (field: keyof SettingsValues) =>
    JSON.stringify(values[field]) !== JSON.stringify(before[field]);
  return {
    ...(isChanged('inactivityTimeoutSeconds') && {
      inactivityTimeoutSeconds:
        inactivityTimeoutSeconds.trim() === '' ? null : Number(inactivityTimeoutSeconds),
    }),
    ...(isChanged('runnerSecretsName') && { runnerSecretsName: runnerSecretsName.trim() || null }),
    ...(isChanged('repositories') && {
      repositories: repositories.map(({ url, branch, provider }) => ({
        url: url.trim(),
        branch: branch || null,
        provider: provider || null,
      })),
    }),
    ...(isChanged('groupAccess') && { groupAccess }),
  };
}

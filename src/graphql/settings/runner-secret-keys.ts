import type { Namespace } from '../../kubernetes/resources.ts';
import { PROJECT_SETTINGS, type ProjectSettings, SETTINGS_NAME } from '../../model/project.ts';
import { runnerSecretsNameOf } from '../../model/run-template.ts';
import type { RunnerSecret } from '../../settings/runner-secret.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { Project } from '../project/type.ts';

/** The settings, and the Secret that they name. */
const TWO_CALLS = { field: 10 };

builder.objectFields(Project, (t) => ({
  runnerSecretKeys: t.stringList({
    nullable: true,
    description:
      'The keys of the Secret that `ProjectSettings.runnerSecretsName` names, in alphabetical order, without their values, which this API never returns; null if there is no such Secret. The caller needs permission to get projectsettings and the Secret.',
    complexity: TWO_CALLS,
    resolve: async (project, _, context) => (await readSecret(project, context))?.keys ?? null,
  }),
  runnerSecretsResourceVersion: t.string({
    nullable: true,
    description:
      'The version of the Secret that `ProjectSettings.runnerSecretsName` names, for `updateRunnerSecrets`; null if there is no such Secret. The caller needs the same permissions as for `runnerSecretKeys`.',
    complexity: TWO_CALLS,
    resolve: async (project, _, context) => (await readSecret(project, context))?.resourceVersion ?? null,
  }),
}));

async function readSecret({ metadata }: Namespace, context: Context): Promise<RunnerSecret | null> {
  const { loaders, runners } = context;
  const namespace = metadata.name;
  const settings = await loaders.find<ProjectSettings>(PROJECT_SETTINGS, { namespace, name: SETTINGS_NAME });
  const name = runnerSecretsNameOf(runners, settings?.spec?.runnerSecretsName);
  return loaders.runnerSecrets.load({ namespace, name });
}

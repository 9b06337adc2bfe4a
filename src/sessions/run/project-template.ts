import type { UserCluster } from '../../kubernetes/user-cluster.ts';
import { PROJECT_SETTINGS, type ProjectSettings, SETTINGS_NAME } from '../../model/project.ts';
import { projectTemplate, type Runners, type RunTemplate } from '../../model/run-template.ts';

/** The template for the runs of a project. The settings are read, as the user, only if they can make a difference. */
export async function readProjectTemplate(
  user: UserCluster,
  project: string,
  runners: Runners,
): Promise<RunTemplate> {
  const { mode, template } = runners;
  if (mode === 'job' && template.allowedRunnerSecretsNames.length === 0) return template;
  const settings = await user.find<ProjectSettings>(PROJECT_SETTINGS, project, SETTINGS_NAME);
  return projectTemplate(runners, settings?.spec?.runnerSecretsName);
}

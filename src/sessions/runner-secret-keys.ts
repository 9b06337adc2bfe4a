import { BadUserInput, NotFound } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { NAMESPACES, type Namespace, SECRETS, type Secret, type Stored } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { type RunTemplate, runnerTypeOf } from '../model/run-template.ts';

/**
 * BAD_USER_INPUT at `path` if the project's runner Secret lacks a key that the runner type needs. If the user may not read the
 * Secret, nothing is checked: the condition RunHealthy reports a missing key when the run starts.
 */
export async function assertRunnerSecretKeys(
  user: UserCluster,
  project: string,
  template: RunTemplate,
  runnerType: string | null | undefined,
  path: string,
): Promise<void> {
  const type = runnerTypeOf(template, runnerType);
  if (!type || type.requiredSecretKeys.length === 0) return;
  const present = await readKeys(user, project, template.runnerSecretsName);
  const missing = type.requiredSecretKeys.filter((key) => present && !present.includes(key));
  if (missing.length === 0) return;
  await requireProject(user, project);
  const message = `${type.id} needs ${missing.join(', ')} in the project's Secret ${template.runnerSecretsName}`;
  throw new BadUserInput([{ path, message }]);
}

/** The Secret's keys, none if it does not exist; undefined if they cannot be read. */
async function readKeys(user: UserCluster, project: string, name: string): Promise<string[] | undefined> {
  try {
    const secret = await user.find<Stored<Secret>>(SECRETS, project, name);
    return Object.keys(secret?.data ?? {});
  } catch (error) {
    if (error instanceof KubernetesError && error.statusCode !== 401) return undefined;
    throw error;
  }
}

/** In a project that does not exist, a missing Secret is not the error to report. */
async function requireProject(user: UserCluster, project: string): Promise<void> {
  const found = await user.find<Namespace>(NAMESPACES, undefined, project);
  if (!found) throw new NotFound(`Project "${project}" does not exist`, { project });
}

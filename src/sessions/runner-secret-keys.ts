import { BadUserInput, NotFound } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { NAMESPACES, type Namespace, SECRETS, type Secret, type Stored } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { type Runners, runnerTypeOf } from '../model/run-template.ts';
import { readProjectTemplate } from './run/project-template.ts';

/**
 * BAD_USER_INPUT at `path` if the project's runner Secret lacks a key that the runner type needs. If the user may not read the
 * Secret, nothing is checked: the condition RunHealthy reports a missing key when the run starts.
 */
export async function assertRunnerSecretKeys(
  user: UserCluster,
  project: string,
  runners: Runners,
  runnerType: string | null | undefined,
  path: string,
): Promise<void> {
  const type = runnerTypeOf(runners.template, runnerType);
  if (!type || type.requiredSecretKeys.length === 0) return;
  const secret = await readSecret(user, project, runners);
  const missing = type.requiredSecretKeys.filter((key) => secret && !secret.keys.includes(key));
  if (!secret || missing.length === 0) return;
  await requireProject(user, project);
  const message = `${type.id} needs ${missing.join(', ')} in the project's Secret ${secret.name}`;
  throw new BadUserInput([{ path, message }]);
}

/** The Secret's name and its keys, none if it does not exist; undefined if they cannot be read. */
async function readSecret(user: UserCluster, project: string, runners: Runners) {
  try {
    const { runnerSecretsName: name } = await readProjectTemplate(user, project, runners);
    const secret = await user.find<Stored<Secret>>(SECRETS, project, name);
    return { name, keys: Object.keys(secret?.data ?? {}) };
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

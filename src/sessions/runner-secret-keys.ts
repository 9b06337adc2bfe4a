import type { RequestReviews } from '../authorization/request-reviews.ts';
import { BadUserInput, NotFound } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { NAMESPACES, type Namespace, SECRETS, type Secret, type Stored } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { type Runners, runnerTypeOf } from '../model/run-template.ts';
import { readProjectTemplate } from './run/project-template.ts';

/** Which reads of the user were denied a moment ago. */
export type KnownDenials = Pick<RequestReviews, 'noteDenied' | 'isKnownDenied'>;

interface SecretKeysDependencies {
  user: UserCluster;
  runners: Runners;
  reviews: KnownDenials;
}

const READ_SECRET = { verb: 'get', group: SECRETS.group, resource: SECRETS.resource } as const;

/**
 * BAD_USER_INPUT at `path` if the project's runner Secret lacks a key that the runner type needs. If the user may not read the
 * Secret, nothing is checked: the condition RunHealthy reports a missing key when the run starts.
 */
export async function assertRunnerSecretKeys(
  { user, runners, reviews }: SecretKeysDependencies,
  project: string,
  runnerType: string | null | undefined,
  path: string,
): Promise<void> {
  const type = runnerTypeOf(runners.template, runnerType);
  if (!type || type.requiredSecretKeys.length === 0) return;
  const secret = await readSecret(user, project, runners, reviews);
  const missing = type.requiredSecretKeys.filter((key) => secret && !secret.keys.includes(key));
  if (!secret || missing.length === 0) return;
  await requireProject(user, project);
  const message = `${type.id} needs ${missing.join(', ')} in the project's Secret ${secret.name}`;
  throw new BadUserInput([{ path, message }]);
}

/** The Secret's name and its keys, none if it does not exist; undefined if they cannot be read. */
async function readSecret(user: UserCluster, project: string, runners: Runners, reviews: KnownDenials) {
  try {
    const { runnerSecretsName: name } = await readProjectTemplate(user, project, runners);
    const attributes: ResourceAttributes = { ...READ_SECRET, namespace: project, name };
    if (reviews.isKnownDenied(attributes)) return undefined;
    const secret = await user.find<Stored<Secret>>(SECRETS, project, name).catch((error: unknown) => {
      if (error instanceof KubernetesError && error.statusCode === 403) reviews.noteDenied(attributes);
      throw error;
    });
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

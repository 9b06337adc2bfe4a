import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Authorize } from '../authorization/authorize.ts';
import type { Writ } from '../authorization/writ.ts';
import { BadUserInput, Conflict, toWritError } from '../errors.ts';
import { accessReviewOf, parseAccessReview } from '../kubernetes/access-review.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { parseNamespace } from '../kubernetes/path.ts';
import { NAMESPACES, type Namespace, SELF_SUBJECT_ACCESS_REVIEWS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { reservedNameRule } from '../model/project-names.ts';
import type { ProjectTexts } from '../model/project-objects.ts';
import type { ProjectRolePrefix } from '../model/project-role.ts';
import { AGENTIC_SESSIONS } from '../model/session.ts';
import { check } from '../sessions/session-fields.ts';
import { projectTexts } from './project-fields.ts';

const REMOVE_ATTEMPTS = 3;
const IN_FORCE_ATTEMPTS = 20;
const IN_FORCE_MS = 20;

const createProjectInput = z.object({ name: z.string(), ...projectTexts });

export type CreateProjectInput = z.input<typeof createProjectInput>;

export interface CreateProjectDependencies {
  user: UserCluster;
  authorize: Authorize;
  /** Names that the administrator reserves; `*` stands for any characters. */
  reservedProjectNames: readonly string[];
  projectRolePrefix: ProjectRolePrefix;
}

/**
 * Creates a project whose admin is the user. Errors: BAD_USER_INPUT (also for reserved names), FORBIDDEN, CONFLICT (there is a
 * namespace of this name, which stays as it is). If a later step fails, the new namespace is deleted again; an error has
 * `project` in its extensions if it may be there still.
 */
export async function createProject(
  { user, authorize, reservedProjectNames, projectRolePrefix }: CreateProjectDependencies,
  rawInput: CreateProjectInput,
): Promise<Namespace> {
  const name = parseNamespace(rawInput.name, 'input.name');
  const reserved = reservedNameRule(name, reservedProjectNames);
  if (reserved) throw new BadUserInput([{ path: 'input.name', message: reserved }]);
  const texts = check(createProjectInput, rawInput, 'input');

  const writ = await authorize(user, 'createProject', { namespace: name });
  const namespace = await createNamespace(writ, name, texts);
  try {
    await writ.project.bindWrit();
    // Last, so that a project that its creator can use is complete.
    await writ.project.bindCreator(projectRolePrefix);
  } catch (error) {
    await remove(user, writ, namespace).catch(() => {
      throw withProject(error, name);
    });
    throw error;
  }
  await accessInForce(user, name);
  return namespace;
}

/** Deletes the namespace that was just created. Others may have changed it meanwhile: it is then read as the user. */
async function remove(user: UserCluster, writ: Writ, created: Namespace): Promise<void> {
  const { name, uid } = created.metadata;
  let version: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writ.project.removeCreated(version);
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      if (error.isNotFound) return;
      if (!error.mayBePreconditionFailed || attempt === REMOVE_ATTEMPTS) throw error;
      const latest = await user.find<Namespace>(NAMESPACES, undefined, name);
      // It is gone: a namespace of this name is somebody else's by now.
      if (latest?.metadata.uid !== uid) return;
      version = latest.metadata.resourceVersion;
    }
  }
}

/**
 * Waits until the cluster has taken up that the creator may use the project, which is milliseconds, so that the caller's next
 * request is not denied. Whether it has or not, the project exists.
 */
async function accessInForce(user: UserCluster, namespace: string): Promise<void> {
  const { group, resource } = AGENTIC_SESSIONS;
  const review = accessReviewOf({ verb: 'list', group, resource, namespace });
  for (let attempt = 1; attempt <= IN_FORCE_ATTEMPTS; attempt += 1) {
    const allowed = await user
      .selfReview(SELF_SUBJECT_ACCESS_REVIEWS, review)
      .then((answer) => parseAccessReview(answer).allowed)
      .catch(() => true);
    if (allowed) return;
    await delay(IN_FORCE_MS, undefined, { signal: user.scope.deadline }).catch(() => {});
  }
}

async function createNamespace(writ: Writ, name: string, texts: ProjectTexts): Promise<Namespace> {
  try {
    return await writ.project.create(texts);
  } catch (error) {
    if (error instanceof KubernetesError && error.isAlreadyExists) {
      throw new Conflict(`There is a namespace "${name}" already`, { project: name });
    }
    // Without a response its UID is not known: it is not deleted, as a namespace of this name can be somebody else's.
    const { code } = toWritError(error);
    throw ['UNAVAILABLE', 'TIMEOUT', 'INTERNAL'].includes(code) ? withProject(error, name) : error;
  }
}

/** The project may exist in part: a client can tell its user, and an administrator can delete it. */
function withProject(error: unknown, project: string): Error {
  return toWritError(error).with({ project });
}

import { z } from 'zod';
import type { Authorize } from '../authorization/authorize.ts';
import { Conflict } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { Namespace } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { type ProjectTexts, textAnnotations } from '../model/project-objects.ts';
import { check, resourceVersion } from '../sessions/session-fields.ts';
import { projectTexts } from './project-fields.ts';
import { parseProjectName, readProject } from './read-project.ts';

const updateProjectInput = z.object({
  name: z.string(),
  resourceVersion: resourceVersion.nullish(),
  ...projectTexts,
});

export type UpdateProjectInput = z.input<typeof updateProjectInput>;

/**
 * Changes what a project says about itself. A field that is absent stays unchanged, null clears it. A change that is there
 * already writes nothing. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (another resourceVersion, or another namespace
 * has the name by then).
 */
export async function updateProject(
  { user, authorize }: { user: UserCluster; authorize: Authorize },
  rawInput: UpdateProjectInput,
): Promise<Namespace> {
  const name = parseProjectName(rawInput.name, 'input.name');
  const { resourceVersion, ...texts } = check(updateProjectInput, rawInput, 'input');
  const project = await readProject(user, name);
  const writ = await authorize(user, 'updateProject', { namespace: name });
  if (resourceVersion != null && resourceVersion !== project.metadata.resourceVersion) {
    throw new Conflict('The project has changed since it was read', { project: name });
  }
  if (hasTexts(project, texts)) return project;
  try {
    return await writ.project.updateTexts(project, texts, resourceVersion ?? undefined);
  } catch (error) {
    // The policy writ-patches denies a patch that changes nothing: another request has made the same change meanwhile.
    if (!(error instanceof KubernetesError && error.isDeniedByPolicy)) throw error;
    const latest = await readProject(user, name);
    if (latest.metadata.uid === project.metadata.uid && hasTexts(latest, texts)) return latest;
    throw error;
  }
}

function hasTexts({ metadata }: Namespace, texts: ProjectTexts): boolean {
  return Object.entries(textAnnotations(texts)).every(
    ([key, text]) => (metadata.annotations?.[key] ?? null) === text,
  );
}

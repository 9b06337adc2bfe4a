import { Conflict, NotFound } from '../errors.ts';
import { NAMESPACES, type Namespace } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { MANAGED_LABEL } from '../model/labels-and-annotations.ts';
import { PROJECT_SETTINGS, type ProjectSettings, SETTINGS_NAME } from '../model/project.ts';

/** The settings of a project, read as the user; null if it has none. NOT_FOUND if there is no such project. */
export async function readSettings(user: UserCluster, project: string): Promise<ProjectSettings | null> {
  const namespace = await user.find<Namespace>(NAMESPACES, undefined, project);
  if (namespace?.metadata.labels?.[MANAGED_LABEL] !== 'true') {
    throw new NotFound(`Project "${project}" does not exist`, { project });
  }
  return user.find<ProjectSettings>(PROJECT_SETTINGS, project, SETTINGS_NAME);
}

/** CONFLICT if the object does not have the version that the caller expects, if any. */
export function assertVersion(
  stored: { metadata: { resourceVersion: string } } | null,
  expected: string | null | undefined,
  project: string,
  what: string,
): void {
  if (expected != null && stored?.metadata.resourceVersion !== expected) throw changedSince(project, what);
}

export function changedSince(project: string, what: string): Conflict {
  return new Conflict(`${what} of the project changed or did not exist: read it again`, { project });
}

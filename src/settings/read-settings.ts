import { Conflict } from '../errors.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { PROJECT_SETTINGS, type ProjectSettings, SETTINGS_NAME } from '../model/project.ts';
import { readProject } from '../projects/read-project.ts';

/** The settings of a project, read as the user; null if it has none. NOT_FOUND if there is no such project. */
export async function readSettings(user: UserCluster, project: string): Promise<ProjectSettings | null> {
  await readProject(user, project);
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

import type { Authorize } from '../authorization/authorize.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import type { Namespace } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { parseProjectName, readProject } from './read-project.ts';

/** Controllers of the cluster may change a namespace at any time: its annotations, its conditions. */
const ATTEMPTS = 3;

/**
 * Deletes a project with all that it contains, which takes the cluster some time. It returns the namespace as it was read.
 * Nothing is written if the project is being deleted already. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (another
 * namespace has the name by then, or it changed at each attempt).
 */
export async function deleteProject(
  { user, authorize }: { user: UserCluster; authorize: Authorize },
  rawName: string,
): Promise<Namespace> {
  const name = parseProjectName(rawName, 'name');
  const first = await readProject(user, name);
  const writ = await authorize(user, 'deleteProject', { namespace: name });
  let project = first;
  for (let attempt = 1; ; attempt += 1) {
    if (project.metadata.deletionTimestamp) return first;
    try {
      await writ.project.delete(project);
      return first;
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      // It was deleted meanwhile.
      if (error.isNotFound) return first;
      if (!error.mayBePreconditionFailed || attempt === ATTEMPTS) throw error;
      const latest = await readProject(user, name);
      if (latest.metadata.uid !== first.metadata.uid) throw error;
      project = latest;
    }
  }
}

import { BadUserInput, NotFound } from '../errors.ts';
import { parseNamespace } from '../kubernetes/path.ts';
import { NAMESPACES, type Namespace } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { isSystemNamespace } from '../model/project-names.ts';
import { isManaged } from '../model/project-objects.ts';

/**
 * The name of a project that is to be changed. BAD_USER_INPUT if it is not a DNS label, or of a system namespace, which Writ
 * does not change even if it has the label of a project.
 */
export function parseProjectName(value: string, path: string): string {
  const name = parseNamespace(value, path);
  if (!isSystemNamespace(name)) return name;
  throw new BadUserInput([{ path, message: 'is a namespace of the system, which is not changed' }]);
}

/** The project as the user sees it. NOT_FOUND if there is no managed namespace of this name. */
export async function readProject(user: UserCluster, name: string): Promise<Namespace> {
  const namespace = await user.find<Namespace>(NAMESPACES, undefined, name);
  if (!namespace || !isManaged(namespace)) {
    throw new NotFound(`There is no project "${name}"`, { project: name });
  }
  return namespace;
}

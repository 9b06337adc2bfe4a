import { Conflict } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { ROLE_BINDINGS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import {
  type Member,
  memberBinding,
  membersOf,
  type StoredBinding,
  type SubjectKind,
} from '../model/member.ts';
import { clusterRoleOf, type ProjectRole, type ProjectRolePrefix } from '../model/project-role.ts';
import { parseProjectName, readProject } from '../projects/read-project.ts';
import { assertMayHave, parseSubject } from './subject-input.ts';

export interface GrantAccessInput {
  project: string;
  subjectKind: SubjectKind;
  subjectName: string;
  role: ProjectRole;
}

export interface MemberDependencies {
  user: UserCluster;
  projectRolePrefix: ProjectRolePrefix;
}

/**
 * Gives a subject a role, as the user: the API server's escalation check decides. Roles add up, and none is taken away. A
 * subject that Writ has given the role already stays as it is. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT (another
 * binding has the name that Writ's would have).
 */
export async function grantAccess(
  { user, projectRolePrefix }: MemberDependencies,
  { project, subjectKind, subjectName, role }: GrantAccessInput,
): Promise<Member> {
  const namespace = parseProjectName(project, 'input.project');
  const subject = parseSubject(subjectKind, subjectName, namespace);
  assertMayHave(subject, role, 'input.subjectName');
  await readProject(user, namespace);
  const clusterRole = clusterRoleOf(role, projectRolePrefix);
  const manifest = memberBinding(namespace, subject, clusterRole, 'writ');
  const { name } = manifest.metadata;
  const stored = await user
    .create<StoredBinding>(ROLE_BINDINGS, { namespace }, manifest)
    .catch((error: unknown) => {
      if (!(error instanceof KubernetesError && error.isAlreadyExists)) throw error;
      return user.get<StoredBinding>(ROLE_BINDINGS, namespace, name);
    });
  const members = membersOf(stored);
  const [member] = members;
  const isSame =
    member?.subject.kind === subject.kind && member.subject.name === subject.name && member.origin === 'WRIT';
  if (isSame && members.length === 1) return member;
  throw new Conflict(`The RoleBinding "${name}" has other subjects, or was not made by Writ`, {
    project: namespace,
    name,
  });
}

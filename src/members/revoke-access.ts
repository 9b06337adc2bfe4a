import { nullIfNotFound } from '../kubernetes/kubernetes-error.ts';
import { ROLE_BINDINGS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import type { Member, SubjectKind } from '../model/member.ts';
import { PROJECT_ROLES, type ProjectRole } from '../model/project-role.ts';
import { parseProjectName, readProject } from '../projects/read-project.ts';
import { assertAdminLeft } from './last-admin.ts';
import { readMembers } from './read-members.ts';
import { parseSubject } from './subject-input.ts';

export interface RevokeAccessInput {
  project: string;
  subjectKind: SubjectKind;
  subjectName: string;
  /** Absent: all roles. */
  role?: ProjectRole | null | undefined;
  allowRemovingLastAdmin?: boolean | null | undefined;
}

export interface RevokedAccess {
  revoked: Member[];
  /** What the subject still has, by bindings that Writ has not made for it alone. */
  remaining: Member[];
}

/**
 * Takes roles from a subject that grantAccess or createProject has given it, as the user. It deletes no binding that Writ has
 * not made, nor one with other subjects. A subject without such a role is no error. Errors: BAD_USER_INPUT, FORBIDDEN,
 * NOT_FOUND, CONFLICT (the project would have no admin; or a binding has changed meanwhile).
 */
export async function revokeAccess(
  { user }: { user: UserCluster },
  { project, subjectKind, subjectName, role, allowRemovingLastAdmin }: RevokeAccessInput,
): Promise<RevokedAccess> {
  const namespace = parseProjectName(project, 'input.project');
  const subject = parseSubject(subjectKind, subjectName, namespace);
  await readProject(user, namespace);
  const members = await readMembers(user, namespace);
  const own = members.filter(
    (member) => member.subject.kind === subject.kind && member.subject.name === subject.name,
  );
  const revoked = own.filter((member) => member.origin === 'WRIT' && (!role || member.role === role));
  if (!allowRemovingLastAdmin) assertAdminLeft(namespace, members, revoked);
  // Each is pinned: another binding of the name, or one that has got other subjects since, stays. The role of an admin comes
  // last: with it, users lose the right to take the others from themselves.
  const byRole = revoked.toSorted((a, b) => PROJECT_ROLES.indexOf(a.role) - PROJECT_ROLES.indexOf(b.role));
  for (const { binding } of byRole) {
    const { name, uid, resourceVersion } = binding;
    await user.delete(ROLE_BINDINGS, namespace, name, { uid, resourceVersion }).catch(nullIfNotFound);
  }
  return { revoked, remaining: own.filter((member) => !revoked.includes(member)) };
}

import { BadUserInput } from '../errors.ts';
import { isDnsLabel, isDnsSubdomain } from '../kubernetes/path.ts';
import { type MemberSubject, memberSubject, type SubjectKind } from '../model/member.ts';
import type { ProjectRole } from '../model/project-role.ts';
import { ACCESS_KEY_PREFIX } from './keys/access-key.ts';

/** Users and groups without a name of their own in the cluster. */
const NOBODY = ['system:anonymous', 'system:unauthenticated'];
/** Everyone who has a token. The runs of all other projects do, and they execute untrusted code. */
const EVERYBODY = ['system:authenticated', 'system:serviceaccounts'];
const MAX_NAME_LENGTH = 1_024;

/**
 * The subject that an input names. A service account is `NAMESPACE:NAME`, or `NAME` for one of the project itself. BAD_USER_INPUT
 * if it cannot be one.
 */
export function parseSubject(kind: SubjectKind, given: string, project: string): MemberSubject {
  const local = kind === 'SERVICE_ACCOUNT' && !given.includes(':');
  const subject = memberSubject(kind, local ? `${project}:${given}` : given);
  const problem = problemOf(subject);
  if (problem) throw new BadUserInput([{ path: 'input.subjectName', message: problem }]);
  return subject;
}

function problemOf({ kind, name }: MemberSubject): string | undefined {
  if (kind === 'SERVICE_ACCOUNT') {
    const [namespace = '', account = '', ...rest] = name.split(':');
    if (isDnsLabel(namespace) && isDnsSubdomain(account) && rest.length === 0) return undefined;
    return 'must be the name of a service account: NAME for one of the project, else NAMESPACE:NAME';
  }
  if (name === '' || name.length > MAX_NAME_LENGTH || name.trim() !== name || /\p{Cc}/u.test(name)) {
    return `must have 1 to ${MAX_NAME_LENGTH} characters, without control characters and without spaces at its ends`;
  }
  return undefined;
}

/** BAD_USER_INPUT if nobody may give the subject this role by Writ, whatever rights they have. */
export function assertMayHave(subject: MemberSubject, role: ProjectRole, path: string): void {
  const message = problemWithRole(subject, role);
  if (message) throw new BadUserInput([{ path, message }]);
}

/** Why nobody may give the subject this role by Writ; undefined if the cluster decides. */
export function problemWithRole({ kind, name }: MemberSubject, role: ProjectRole): string | undefined {
  if (NOBODY.includes(name)) return 'stands for callers without a token, who get no access';
  if (kind === 'GROUP' && EVERYBODY.includes(name) && role !== 'view') {
    return 'stands for everybody, the runs of all projects included, who can get the role VIEW only';
  }
  if (kind === 'SERVICE_ACCOUNT' && name.split(':')[1]?.startsWith(ACCESS_KEY_PREFIX)) {
    return 'is the service account of an access key, whose role is set when the key is created';
  }
  return undefined;
}

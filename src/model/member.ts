import { createHash } from 'node:crypto';
import {
  apiVersionOf,
  type ObjectMeta,
  ROLE_BINDINGS,
  type RoleBinding,
  type Stored,
} from '../kubernetes/resources.ts';
import { MANAGED_BY_WRIT, MEMBER_ORIGIN_LABEL } from './labels-and-annotations.ts';
import { CREATOR_BINDING, RBAC_API } from './project-objects.ts';
import { type ProjectRole, projectRoleOf } from './project-role.ts';

export const SUBJECT_KINDS = ['USER', 'GROUP', 'SERVICE_ACCOUNT'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Whom a binding gives a role. The name of a service account is `NAMESPACE:NAME`. */
export interface MemberSubject {
  kind: SubjectKind;
  name: string;
}

export type MemberOrigin = 'WRIT' | 'SETTINGS' | 'OTHER';
/** By what Writ has made a binding: grantAccess, or updateProjectSettings for an entry of groupAccess. */
export type BindingOrigin = 'writ' | 'settings';

/** On the bindings that the platform's own operator makes for groupAccess. */
const PLATFORM_SETTINGS_LABEL = { key: 'app', value: 'ambient-group-access' };

export type StoredBinding = Stored<RoleBinding>;

/** A subject of a RoleBinding to a project role. */
export class Member {
  readonly namespace: string;
  /** What identifies the RoleBinding, and its version. */
  readonly binding: { name: string; uid: string; resourceVersion: string };
  readonly subject: MemberSubject;
  readonly role: ProjectRole;
  readonly origin: MemberOrigin;

  constructor({ metadata }: StoredBinding, subject: MemberSubject, role: ProjectRole, origin: MemberOrigin) {
    const { namespace = '', name, uid, resourceVersion } = metadata;
    this.namespace = namespace;
    this.binding = { name, uid, resourceVersion };
    this.subject = subject;
    this.role = role;
    this.origin = origin;
  }
}

/** The members that a RoleBinding makes: none if it is not one to a project role. Anyone with access to it can have written it. */
export function membersOf(binding: StoredBinding): Member[] {
  const { roleRef, subjects } = binding;
  const role = roleRef?.kind === 'ClusterRole' ? projectRoleOf(roleRef.name) : undefined;
  if (!role || !Array.isArray(subjects)) return [];
  const found = new Map<string, MemberSubject>();
  for (const subject of subjects) {
    const member = subjectOf(subject);
    if (member) found.set(`${member.kind}/${member.name}`, member);
  }
  const origin = originOf(binding, [...found.values()]);
  return [...found.values()].map((subject) => new Member(binding, subject, role, origin));
}

const SERVICE_ACCOUNT_USERNAME = /^system:serviceaccount:([^:]+:[^:]+)$/;

/** RBAC takes the username of a service account for the service account: both are one member. */
export function memberSubject(kind: SubjectKind, name: string): MemberSubject {
  const account = kind === 'USER' ? SERVICE_ACCOUNT_USERNAME.exec(name)?.[1] : undefined;
  return account === undefined ? { kind, name } : { kind: 'SERVICE_ACCOUNT', name: account };
}

type RbacSubject = NonNullable<RoleBinding['subjects']>[number];

function subjectOf({ kind, name, namespace }: RbacSubject): MemberSubject | undefined {
  if (typeof name !== 'string' || name === '') return undefined;
  if (kind === 'User') return memberSubject('USER', name);
  if (kind === 'Group') return { kind: 'GROUP', name };
  return kind === 'ServiceAccount'
    ? { kind: 'SERVICE_ACCOUNT', name: `${namespace ?? ''}:${name}` }
    : undefined;
}

export function rbacSubject({ kind, name }: MemberSubject): RbacSubject {
  if (kind !== 'SERVICE_ACCOUNT') {
    return { apiGroup: RBAC_API, kind: kind === 'USER' ? 'User' : 'Group', name };
  }
  const [namespace = '', account = ''] = name.split(':');
  return { kind: 'ServiceAccount', namespace, name: account };
}

function originOf(binding: StoredBinding, subjects: MemberSubject[]): MemberOrigin {
  const { labels = {}, name } = binding.metadata;
  if (isMadeBy(binding, subjects, 'writ')) return 'WRIT';
  if (isMadeBy(binding, subjects, 'settings')) return 'SETTINGS';
  if (labels[PLATFORM_SETTINGS_LABEL.key] === PLATFORM_SETTINGS_LABEL.value) return 'SETTINGS';
  return name === CREATOR_BINDING && isLabelledAsWrits(labels) && subjects.length === 1 ? 'WRIT' : 'OTHER';
}

/** Whether Writ has made a binding for the one member that it makes. */
export function isBindingOf(binding: StoredBinding, origin: BindingOrigin): boolean {
  return isMadeBy(
    binding,
    membersOf(binding).map(({ subject }) => subject),
    origin,
  );
}

/** Labels alone can be on any binding: the name tells what the binding is for, and whether it still is. */
function isMadeBy({ metadata, roleRef }: StoredBinding, subjects: MemberSubject[], origin: BindingOrigin) {
  const [subject] = subjects;
  if (!isLabelledAsWrits(metadata.labels ?? {}) || !subject || subjects.length > 1) return false;
  return metadata.name === bindingName(origin, subject, roleRef.name);
}

function isLabelledAsWrits(labels: Record<string, string>): boolean {
  return Object.entries(MANAGED_BY_WRIT).every(([key, value]) => labels[key] === value);
}

/** The same for the same member, so that it is made once. */
function bindingName(origin: BindingOrigin, { kind, name }: MemberSubject, clusterRole: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, name, clusterRole]))
    .digest('hex');
  return `writ-${origin === 'writ' ? 'member' : 'settings'}-${digest.slice(0, 24)}`;
}

/** The RoleBinding that makes one member. */
export function memberBinding(
  namespace: string,
  subject: MemberSubject,
  clusterRole: string,
  origin: BindingOrigin,
): RoleBinding & { metadata: ObjectMeta & { name: string } } {
  return {
    apiVersion: apiVersionOf(ROLE_BINDINGS),
    kind: ROLE_BINDINGS.kind,
    metadata: {
      name: bindingName(origin, subject, clusterRole),
      namespace,
      labels: { ...MANAGED_BY_WRIT, [MEMBER_ORIGIN_LABEL]: origin },
    },
    roleRef: { apiGroup: RBAC_API, kind: 'ClusterRole', name: clusterRole },
    subjects: [rbacSubject(subject)],
  };
}

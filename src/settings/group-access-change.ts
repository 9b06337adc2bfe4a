import { reviewAccess } from '../authorization/reviews.ts';
import { QueryTooComplex, toWritError } from '../errors.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { ROLE_BINDINGS } from '../kubernetes/resources.ts';
import { scan } from '../kubernetes/scan.ts';
import { forbidden } from '../kubernetes/status-mapping.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { assertAdminLeft } from '../members/last-admin.ts';
import { membersOf, type StoredBinding } from '../model/member.ts';
import type { GroupAccessOwner } from '../model/project.ts';
import { type ProjectRolePrefix, projectRoleOf } from '../model/project-role.ts';
import { bindingFor, type GroupAccess, isForSettings } from './group-bindings.ts';

export interface GroupAccessOptions {
  user: UserCluster;
  /** The user's groups, as the cluster has authenticated them. */
  groups: string[];
  project: string;
  owner: GroupAccessOwner;
  prefix: ProjectRolePrefix;
  scanLimit: number;
  allowRemovingLastAdmin: boolean;
}

/** A change of the groups' bindings, in steps around the write of the settings. */
export interface GroupAccessChange {
  /** Before: gives what the settings will say. If it fails, nothing of it remains. */
  grant(): Promise<void>;
  /** If the settings could not be written. What it cannot remove is removed by the next change. */
  undo(): Promise<void>;
  /** After: takes away what the settings no longer say. */
  revoke(): Promise<void>;
}

/**
 * Prepares the change as the user, whose permissions decide: the API server's escalation check for what is granted, and a
 * review for what is revoked. Errors: FORBIDDEN, and CONFLICT if no admin would be left.
 */
export function prepareGroupAccess(
  options: GroupAccessOptions,
  stored: GroupAccess[],
  wanted: GroupAccess[],
): Promise<GroupAccessChange> {
  return options.owner === 'writ'
    ? prepareBindings(options, wanted)
    : prepareForOperator(options, stored, wanted);
}

async function prepareBindings(
  options: GroupAccessOptions,
  wanted: GroupAccess[],
): Promise<GroupAccessChange> {
  const { user, project, prefix } = options;
  const all = await readBindings(options);
  const present = all.filter(isForSettings);
  const bindings = wanted.map((access) => bindingFor(access, project, prefix));
  const added = bindings.filter(
    ({ metadata }) => !present.some((each) => each.metadata.name === metadata.name),
  );
  const removed = present.filter(
    ({ metadata }) => !bindings.some((each) => each.metadata.name === metadata.name),
  );
  if (!wanted.some(({ role }) => role === 'admin')) {
    assertAdminIsLeft(options, all, (binding) => removed.includes(binding));
  }
  for (const { metadata } of removed) await assertMayDelete(user, project, metadata.name);

  const created: StoredBinding[] = [];
  const undo = async () => {
    await Promise.allSettled(created.splice(0).map((binding) => remove(user, project, binding)));
  };
  return {
    async grant() {
      try {
        for (const binding of added) {
          created.push(await user.create<StoredBinding>(ROLE_BINDINGS, { namespace: project }, binding));
        }
      } catch (error) {
        await undo();
        throw error;
      }
    },
    undo,
    async revoke() {
      for (const binding of removed.toSorted(byOwnRights(options.groups)))
        await remove(user, project, binding);
    },
  };
}

/** The operator creates the bindings with rights of its own, so what the user may grant is checked here. */
async function prepareForOperator(
  options: GroupAccessOptions,
  stored: GroupAccess[],
  wanted: GroupAccess[],
): Promise<GroupAccessChange> {
  const { user, project, prefix } = options;
  const added = wanted.filter((access) => !has(stored, access));
  const removed = stored.filter((access) => access.role === 'admin' && !has(wanted, access));
  if (removed.length > 0 && !wanted.some(({ role }) => role === 'admin')) {
    const isRemoved = ({ subjects }: StoredBinding) =>
      subjects?.every(
        ({ kind, name }) => kind === 'Group' && removed.some(({ groupName }) => groupName === name),
      ) ?? true;
    assertAdminIsLeft(options, await readBindings(options), isRemoved);
  }
  return {
    async grant() {
      for (const access of added) {
        const { metadata, ...binding } = bindingFor(access, project, prefix);
        // The name may be taken by a binding of the time when Writ made them.
        const { name: _, ...others } = metadata;
        const manifest = { ...binding, metadata: { ...others, generateName: 'settings-' } };
        await user.dryRunCreate(ROLE_BINDINGS, { namespace: project }, manifest);
      }
    },
    undo: async () => {},
    revoke: async () => {},
  };
}

/** What may take the user's own right to go on comes last. */
function byOwnRights(groups: string[]) {
  const rank = (binding: StoredBinding) =>
    Number(projectRoleOf(binding.roleRef.name) === 'admin') +
    Number(groups.includes(binding.subjects?.[0]?.name ?? ''));
  return (a: StoredBinding, b: StoredBinding) => rank(a) - rank(b);
}

function has(list: GroupAccess[], { groupName, role }: GroupAccess): boolean {
  return list.some((each) => each.groupName === groupName && each.role === role);
}

async function readBindings({ user, project, scanLimit }: GroupAccessOptions): Promise<StoredBinding[]> {
  const { items, truncated } = await scan<StoredBinding>(user, ROLE_BINDINGS, project, scanLimit);
  if (!truncated) return items;
  const message = `The project has more than ${scanLimit} RoleBindings`;
  throw new QueryTooComplex(message, { limit: 'scannedObjects', maximum: scanLimit });
}

function assertAdminIsLeft(
  { project, allowRemovingLastAdmin }: GroupAccessOptions,
  bindings: StoredBinding[],
  isRemoved: (binding: StoredBinding) => boolean,
): void {
  if (allowRemovingLastAdmin) return;
  const all = bindings.map((binding) => ({ members: membersOf(binding), isRemoved: isRemoved(binding) }));
  assertAdminLeft(
    project,
    all.flatMap(({ members }) => members),
    all.flatMap(({ members, isRemoved }) => (isRemoved ? members : [])),
  );
}

/** Before the settings are written, so that they do not deny what a binding still gives. */
async function assertMayDelete(user: UserCluster, namespace: string, name: string): Promise<void> {
  const { group, resource } = ROLE_BINDINGS;
  const attributes = { verb: 'delete', group, resource, namespace, name };
  const { allowed, reason } = await reviewAccess(user, attributes, 'mutation');
  if (!allowed) throw forbidden(attributes, reason);
}

/** With the version that was read: whoever has changed it since may have made it a binding of others too. */
async function remove(user: UserCluster, project: string, { metadata }: StoredBinding): Promise<void> {
  const { name, uid, resourceVersion } = metadata;
  try {
    await user.delete(ROLE_BINDINGS, project, name, { uid, resourceVersion });
  } catch (error) {
    if (!(error instanceof KubernetesError && error.isNotFound)) throw toWritError(error);
  }
}

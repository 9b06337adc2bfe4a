import { Conflict } from '../errors.ts';
import type { Member } from '../model/member.ts';

/**
 * CONFLICT if the project has an admin now, and none without these members. Service accounts do not count: they are no people,
 * who could add others. Two admins who remove each other at the same moment are not noticed: RBAC has no transactions.
 */
export function assertAdminLeft(
  project: string,
  members: readonly Member[],
  removed: readonly Member[],
): void {
  const isAdmin = ({ role, subject }: Member) => role === 'admin' && subject.kind !== 'SERVICE_ACCOUNT';
  const admins = members.filter(isAdmin);
  if (!removed.some(isAdmin) || admins.some((admin) => !removed.includes(admin))) return;
  throw new Conflict('The project would have no admin: allowRemovingLastAdmin removes the last one', {
    project,
    reason: 'LastAdmin',
  });
}

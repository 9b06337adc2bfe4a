import { evict } from '../apollo/evict.ts';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { type MemberRowFragment, RevokeAccessDocument } from '../generated/graphql.ts';
import { isLastAdmin } from './is-last-admin.ts';

/** Takes the role of a member away. */
export function useRevokeAccess(project: string, onDone: () => void) {
  const mutation = useFormMutation(RevokeAccessDocument, {
    update(cache, { data }) {
      for (const id of data?.revokeAccess?.revokedIds ?? []) evict(cache, 'ProjectMember', id);
    },
    onDone,
  });
  const { isPending, error } = mutation;
  const revoke = (member: MemberRowFragment, allowRemovingLastAdmin: boolean) => {
    const { subjectKind, subjectName, role } = member;
    const input = { project, subjectKind, subjectName, role, allowRemovingLastAdmin };
    void mutation.submit({ input });
  };
  return { revoke, isPending, error, isLastAdmin: isLastAdmin(error) };
}

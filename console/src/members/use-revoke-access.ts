import { useMutation } from '@apollo/client/react';
import { evict } from '../apollo/evict.ts';
import { isDone } from '../apollo/is-done.ts';
import { type MemberRowFragment, RevokeAccessDocument } from '../generated/graphql.ts';
import { isLastAdmin } from './is-last-admin.ts';

/** Takes the role of a member away. The error is kept and not thrown. */
export function useRevokeAccess(project: string) {
  const [mutate, { loading, error }] = useMutation(RevokeAccessDocument, {
    update(cache, { data }) {
      for (const id of data?.revokeAccess?.revokedIds ?? []) evict(cache, 'ProjectMember', id);
    },
    onError: () => {},
  });
  /** Whether it was taken away. */
  const revoke = async (member: MemberRowFragment, allowRemovingLastAdmin: boolean) => {
    const { subjectKind, subjectName, role } = member;
    const input = { project, subjectKind, subjectName, role, allowRemovingLastAdmin };
    return isDone(mutate({ variables: { input } }));
  };
  return { revoke, loading, error, isLastAdmin: isLastAdmin(error) };
}

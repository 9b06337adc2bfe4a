import { useState } from 'react';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import type { MemberRowFragment } from '../generated/graphql.ts';
import { access } from '../text/access.ts';
import { members } from '../text/members.ts';
import { LastAdmin } from './last-admin.tsx';
import { useRevokeAccess } from './use-revoke-access.ts';

const text = members.revokeForm;

interface Props {
  project: string;
  member: MemberRowFragment;
  onClose(): void;
}

export function RevokeAccessDialog({ project, member, onClose }: Props) {
  const [isAllowed, setAllowed] = useState(false);
  const { revoke, isPending, error, isLastAdmin } = useRevokeAccess(project, onClose);
  const remove = () => {
    // It was for this attempt alone.
    setAllowed(false);
    revoke(member, isAllowed);
  };
  return (
    <ConfirmDialog
      title={text.title(member.subjectName)}
      confirm={text.submit}
      isPending={isPending}
      error={isLastAdmin ? undefined : error}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>{text.hint(access.roles[member.role], project)}</p>
      {isLastAdmin && <LastAdmin isAllowed={isAllowed} onAllow={setAllowed} />}
    </ConfirmDialog>
  );
}

import { useState } from 'react';
import { useIsMounted } from '../app/use-is-mounted.ts';
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
  const { revoke, loading, error, isLastAdmin } = useRevokeAccess(project);
  const isMounted = useIsMounted();
  const remove = async () => {
    // It was for this attempt alone.
    setAllowed(false);
    if ((await revoke(member, isAllowed)) && isMounted.current) onClose();
  };
  return (
    <ConfirmDialog
      title={text.title(member.subjectName)}
      isOpen
      confirm={text.submit}
      isPending={loading}
      error={isLastAdmin ? undefined : error}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{text.hint(access.roles[member.role], project)}</p>
      {isLastAdmin && <LastAdmin isAllowed={isAllowed} onAllow={setAllowed} />}
    </ConfirmDialog>
  );
}

import { useState } from 'react';
import { RoleSelect } from '../access/role-select.tsx';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { GrantAccessDocument, type MemberRowFragment, MembersDocument } from '../generated/graphql.ts';
import { members } from '../text/members.ts';
import { LastAdmin } from './last-admin.tsx';
import { useRevokeAccess } from './use-revoke-access.ts';

const text = members.changeForm;

interface Props {
  project: string;
  member: MemberRowFragment;
  onClose(): void;
}

/** The role is changed by two mutations, as roles add up. The order leaves nobody without a role in between. */
export function ChangeRoleDialog({ project, member, onClose }: Props) {
  const { subjectKind, subjectName } = member;
  const [role, setRole] = useState(member.role);
  const [isAllowed, setAllowed] = useState(false);
  const grant = useFormMutation(GrantAccessDocument, { refetchQueries: [MembersDocument] });
  const revocation = useRevokeAccess(project, onClose);
  const isPending = grant.isPending || revocation.isPending;
  const change = async () => {
    if (role === member.role) return onClose();
    // It was for this attempt alone.
    setAllowed(false);
    const isGranted = await grant.submit({ input: { project, subjectKind, subjectName, role } });
    if (isGranted) revocation.revoke(member, isAllowed);
  };
  return (
    <Dialog title={text.title(subjectName)} isOpen onClose={onClose}>
      <MutationForm
        of={{ ...grant, isPending }}
        onSubmit={() => void change()}
        actions={
          <DialogActions
            submit={text.submit}
            isPending={isPending}
            isDisabled={role === member.role}
            onCancel={onClose}
          />
        }
      >
        <p>{text.hint}</p>
        <RoleSelect label={text.role} value={role} onChange={setRole} error={grant.errors.at('role')} />
        {revocation.error !== undefined && <p>{text.half}</p>}
        {revocation.isLastAdmin ? (
          <LastAdmin isAllowed={isAllowed} onAllow={setAllowed} />
        ) : (
          <ErrorNotice error={revocation.error} />
        )}
      </MutationForm>
    </Dialog>
  );
}

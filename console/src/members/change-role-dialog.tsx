import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { RoleSelect } from '../access/role-select.tsx';
import { isDone } from '../apollo/is-done.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
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
  const [grant, granted] = useMutation(GrantAccessDocument, {
    refetchQueries: [MembersDocument],
    // It is shown.
    onError: () => {},
  });
  const revoked = useRevokeAccess(project);
  const isMounted = useIsMounted();
  const isPending = granted.loading || revoked.loading;
  const change = async () => {
    if (role === member.role) return onClose();
    // It was for this attempt alone.
    setAllowed(false);
    const input = { project, subjectKind, subjectName, role };
    if (!(await isDone(grant({ variables: { input } })))) return;
    if ((await revoked.revoke(member, isAllowed)) && isMounted.current) onClose();
  };
  return (
    <Dialog title={text.title(subjectName)} isOpen onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPending) void change();
        }}
      >
        <p>{text.hint}</p>
        <RoleSelect label={text.role} value={role} onChange={setRole} />
        <ErrorNotice error={granted.error} />
        {revoked.error && <p>{text.half}</p>}
        {revoked.isLastAdmin ? (
          <LastAdmin isAllowed={isAllowed} onAllow={setAllowed} />
        ) : (
          <ErrorNotice error={revoked.error} />
        )}
        <DialogActions
          submit={text.submit}
          isPending={isPending}
          isDisabled={role === member.role}
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  );
}

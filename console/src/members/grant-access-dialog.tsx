import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { RoleSelect } from '../access/role-select.tsx';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
import { Select } from '../components/select.tsx';
import {
  GrantAccessDocument,
  MembersDocument,
  type ProjectRole,
  type SubjectKind,
} from '../generated/graphql.ts';
import { access } from '../text/access.ts';
import { members } from '../text/members.ts';

const text = members.grant;
const KINDS = (['USER', 'GROUP', 'SERVICE_ACCOUNT'] satisfies SubjectKind[]).map((id) => ({
  id,
  label: access.kinds[id],
}));

export function GrantAccessDialog({ project, onClose }: { project: string; onClose(): void }) {
  const [subjectKind, setKind] = useState<SubjectKind>('USER');
  const [subjectName, setName] = useState('');
  const [role, setRole] = useState<ProjectRole>('VIEW');
  const isMounted = useIsMounted();
  const [grant, { loading, error }] = useMutation(GrantAccessDocument, {
    refetchQueries: [MembersDocument],
    // Another dialog may be open by then.
    onCompleted: () => isMounted.current && onClose(),
    // It is shown.
    onError: () => {},
  });
  const errors = formErrorsOf(error, ['subjectName', 'role']);
  return (
    <Dialog title={text.title} isOpen onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (loading) return;
          void grant({
            variables: { input: { project, subjectKind, subjectName: subjectName.trim(), role } },
          });
        }}
      >
        <p>{text.hint}</p>
        <Select<SubjectKind> label={text.kind} options={KINDS} value={subjectKind} onChange={setKind} />
        <Field
          label={text.name}
          hint={text.nameHints[subjectKind]}
          value={subjectName}
          onChange={setName}
          error={errors.at('subjectName')}
          autoComplete="off"
          isRequired
          autoFocus
        />
        <RoleSelect label={text.role} value={role} onChange={setRole} error={errors.at('role')} />
        <ErrorNotice error={errors.rest} />
        <DialogActions submit={text.submit} isPending={loading} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

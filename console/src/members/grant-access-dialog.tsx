import { useState } from 'react';
import { RoleSelect } from '../access/role-select.tsx';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
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
  const grant = useFormMutation(GrantAccessDocument, {
    refetchQueries: [MembersDocument],
    onDone: onClose,
  });
  const { errors, isPending } = grant;
  const input = { project, subjectKind, subjectName: subjectName.trim(), role };
  return (
    <Dialog title={text.title} isOpen onClose={onClose}>
      <MutationForm
        of={grant}
        onSubmit={() => void grant.submit({ input })}
        actions={<DialogActions submit={text.submit} isPending={isPending} onCancel={onClose} />}
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
      </MutationForm>
    </Dialog>
  );
}

import { useEffect, useState } from 'react';
import { RoleSelect } from '../access/role-select.tsx';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { Select } from '../components/select.tsx';
import { AccessKeysDocument, CreateAccessKeyDocument, type ProjectRole } from '../generated/graphql.ts';
import { accessKeys } from '../text/access-keys.ts';
import type { IssuedKey } from './issued-token.tsx';

const text = accessKeys.form;
const DAY_MS = 86_400_000;
const LIFETIMES = Object.entries(text.lifetimes).map(([days, label]) => ({ id: days, label }));
/** The cluster accepts a year less what the request takes. */
const MARGIN_MS = 60_000;

interface Props {
  project: string;
  /** A key whose token nobody would see must not be issued: the form stays until the answer is there. */
  onPending(isPending: boolean): void;
  onIssued(key: IssuedKey): void;
  onClose(): void;
}

export function IssueKeyForm({ project, onPending, onIssued, onClose }: Props) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [role, setRole] = useState<ProjectRole>('VIEW');
  const [days, setDays] = useState('30');
  const creation = useFormMutation(CreateAccessKeyDocument, {
    // The token is no part of the cache.
    fetchPolicy: 'no-cache',
    refetchQueries: [AccessKeysDocument],
    onDone({ createAccessKey: created }) {
      if (!created) return;
      const { token, shortened, accessKey } = created;
      onIssued({ name: accessKey.name, token, shortenedTo: shortened ? accessKey.expiresAt : null });
    },
  });
  const { errors, isPending } = creation;
  useEffect(() => onPending(isPending), [isPending, onPending]);
  const submit = () => {
    const expiresAt = new Date(Date.now() + Number(days) * DAY_MS - MARGIN_MS).toISOString();
    const input = { project, name, role, expiresAt, description: description || null };
    void creation.submit({ input });
  };
  const cancel = () => !isPending && onClose();
  return (
    <MutationForm
      of={creation}
      onSubmit={submit}
      actions={<DialogActions submit={text.submit} isPending={isPending} onCancel={cancel} />}
    >
      <p>{text.hint}</p>
      <Field
        label={text.name}
        hint={text.nameHint}
        value={name}
        onChange={setName}
        error={errors.at('name')}
        autoComplete="off"
        isRequired
        autoFocus
      />
      <Field
        label={text.description}
        hint={text.descriptionHint}
        value={description}
        onChange={setDescription}
        error={errors.at('description')}
      />
      <RoleSelect label={text.role} value={role} onChange={setRole} error={errors.at('role')} />
      <Select
        label={text.expires}
        options={LIFETIMES}
        value={days}
        onChange={setDays}
        error={errors.at('expiresAt')}
      />
    </MutationForm>
  );
}

import { useState } from 'react';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { RunnerSecretsDocument, UpdateRunnerSecretsDocument } from '../generated/graphql.ts';
import { settings } from '../text/settings.ts';

const text = settings.secrets.form;

interface SecretDialogProps {
  project: string;
  /** The key whose value is replaced; empty for a new one. */
  replaced: string;
  onClose(): void;
}

/** The value is in the state of this dialog alone, and gone with it. */
export function SecretDialog({ project, replaced, onClose }: SecretDialogProps) {
  const isNew = replaced === '';
  const [key, setKey] = useState(replaced);
  const [value, setValue] = useState('');
  const update = useFormMutation(UpdateRunnerSecretsDocument, {
    fetchPolicy: 'no-cache',
    refetchQueries: [RunnerSecretsDocument],
    onDone: onClose,
  });
  const { errors, isPending } = update;
  const input = { project, set: [{ key: key.trim(), value }] };
  return (
    <Dialog title={isNew ? text.addTitle : text.replaceTitle(replaced)} isOpen onClose={onClose}>
      <MutationForm
        of={update}
        onSubmit={() => void update.submit({ input })}
        actions={<DialogActions submit={text.submit} isPending={isPending} onCancel={onClose} />}
      >
        {isNew && (
          <Field
            label={text.key}
            hint={text.keyHint}
            value={key}
            onChange={setKey}
            error={errors.at('set.0.key')}
            autoComplete="off"
            isRequired
            autoFocus
          />
        )}
        <Field
          label={text.value}
          hint={text.valueHint}
          type="password"
          value={value}
          onChange={setValue}
          error={errors.at('set.0.value')}
          autoComplete="new-password"
          isRequired
          autoFocus={!isNew}
        />
      </MutationForm>
    </Dialog>
  );
}

import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
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
  const isMounted = useIsMounted();
  const [mutate, { loading, error }] = useMutation(UpdateRunnerSecretsDocument, {
    fetchPolicy: 'no-cache',
    refetchQueries: [RunnerSecretsDocument],
    // Another dialog may be open by then.
    onCompleted: (data) => data.updateRunnerSecrets && isMounted.current && onClose(),
    // It is shown.
    onError: () => {},
  });
  const errors = formErrorsOf(error, ['set.0.key', 'set.0.value']);
  return (
    <Dialog title={isNew ? text.addTitle : text.replaceTitle(replaced)} isOpen onClose={onClose}>
      <Form
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (loading) return;
          void mutate({ variables: { input: { project, set: [{ key: key.trim(), value }] } } });
        }}
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
        <ErrorNotice error={errors.rest} />
        <DialogActions submit={text.submit} isPending={loading} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

import { useFragment } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { fieldErrorsOf } from '../apollo/errors.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
import { type SessionActionsFragment, SessionActionsFragmentDoc } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
import { sessionActions } from '../text/session-actions.ts';

const text = sessionActions.rename;

interface Props {
  session: SessionActionsFragment;
  /** The name that was refused. */
  draft: string | null | undefined;
  error: unknown;
  onClose(): void;
  onRename(displayName: string | null): void;
}

export function RenameDialog({ session, draft, error, onClose, onRename }: Props) {
  const [displayName, setDisplayName] = useState((draft === undefined ? session.displayName : draft) ?? '');
  const current = useFragment({
    fragment: SessionActionsFragmentDoc,
    fragmentName: 'SessionActions',
    from: session,
  });
  const isChanged = current.complete && current.data.displayName !== session.displayName;
  const fieldErrors = fieldErrorsOf(error);
  return (
    <Dialog title={text.title(session.displayName ?? session.name)} isOpen onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          onRename(displayName.trim() || null);
        }}
      >
        {isChanged && <p role="status">{text.changed(current.data.displayName)}</p>}
        <Field
          label={text.displayName}
          hint={text.hint}
          value={displayName}
          onChange={setDisplayName}
          error={fieldErrors.get('input.displayName')}
          autoComplete="off"
          autoFocus
        />
        {fieldErrors.size === 0 && <ErrorNotice error={error} />}
        <div className="dialog-actions">
          <Button onPress={onClose}>{common.cancel}</Button>
          <Button type="submit" variant="primary">
            {text.submit}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

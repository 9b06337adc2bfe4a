import { useFragment } from '@apollo/client/react';
import { useMemo, useState } from 'react';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { type SessionActionsFragment, SessionActionsFragmentDoc } from '../generated/graphql.ts';
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
  const errors = useMemo(() => formErrorsOf(error), [error]);
  return (
    <Dialog title={text.title(session.displayName ?? session.name)} isOpen onClose={onClose}>
      <MutationForm
        of={{ isPending: false, error, errors }}
        onSubmit={() => onRename(displayName.trim() || null)}
        actions={<DialogActions submit={text.submit} onCancel={onClose} />}
      >
        {isChanged && <p role="status">{text.changed(current.data.displayName)}</p>}
        <Field
          label={text.displayName}
          hint={text.hint}
          value={displayName}
          onChange={setDisplayName}
          error={errors.at('displayName')}
          autoComplete="off"
          autoFocus
        />
      </MutationForm>
    </Dialog>
  );
}

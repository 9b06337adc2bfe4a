import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import type { SessionActionsFragment } from '../generated/graphql.ts';
import { sessionActions } from '../text/session-actions.ts';

const text = sessionActions.delete;

interface Props {
  session: SessionActionsFragment;
  error: unknown;
  onClose(): void;
  onDelete(): void;
}

export function DeleteDialog({ session, error, onClose, onDelete }: Props) {
  return (
    <ConfirmDialog
      title={text.title(session.displayName ?? session.name)}
      confirm={text.submit}
      error={error}
      onConfirm={onDelete}
      onClose={onClose}
    >
      <p>{text.hint}</p>
    </ConfirmDialog>
  );
}

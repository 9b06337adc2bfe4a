import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import type { SessionActionsFragment } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
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
    <Dialog title={text.title(session.displayName ?? session.name)} isOpen onClose={onClose}>
      <p>{text.hint}</p>
      <ErrorNotice error={error} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{common.cancel}</Button>
        <Button variant="danger" onPress={onDelete} autoFocus>
          {text.submit}
        </Button>
      </div>
    </Dialog>
  );
}

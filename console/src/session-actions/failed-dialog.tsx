import { useFragment } from '@apollo/client/react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { type SessionActionsFragment, SessionActionsFragmentDoc } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
import { phases } from '../text/phases.ts';
import { sessionActions } from '../text/session-actions.ts';

const text = sessionActions.failed;

interface Props {
  action: 'START' | 'STOP';
  session: SessionActionsFragment;
  error: unknown;
  onClose(): void;
  onRetry(): void;
}

export function FailedDialog({ action, session, error, onClose, onRetry }: Props) {
  const current = useFragment({
    fragment: SessionActionsFragmentDoc,
    fragmentName: 'SessionActions',
    from: session,
  });
  const name = session.displayName ?? session.name;
  return (
    <Dialog title={text[action](name)} isOpen onClose={onClose}>
      {current.complete && <p>{text.now(phases[current.data.phase])}</p>}
      <ErrorNotice error={error} onRetry={onRetry} />
      <div className="dialog-actions">
        <Button onPress={onClose}>{common.close}</Button>
      </div>
    </Dialog>
  );
}

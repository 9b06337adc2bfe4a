import { useApolloClient } from '@apollo/client/react';
import { CloneDialog } from './clone-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { DeniedDialog } from './denied-dialog.tsx';
import { FailedDialog } from './failed-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import type { ActionRequest, OpenRequest } from './session-actions-context.ts';
import { deleteSession, renameSession } from './session-mutations.ts';

interface Props {
  open: OpenRequest;
  onClose(): void;
  onRetry(request: ActionRequest): void;
  onAttempt(tried: OpenRequest, act: () => Promise<unknown>): void;
}

/** Asks for what an action needs, or says why it failed. */
export function ActionDialog({ open, onClose, onRetry, onAttempt }: Props) {
  const client = useApolloClient();
  const { request, displayName, error } = open;
  const { session } = request;
  switch (request.kind) {
    case 'START':
    case 'STOP':
      return (
        <FailedDialog
          action={request.kind}
          session={session}
          error={error}
          onClose={onClose}
          onRetry={() => onRetry(request)}
        />
      );
    case 'UPDATE':
      return (
        <RenameDialog
          session={session}
          draft={displayName}
          error={error}
          onClose={onClose}
          onRename={(wanted) =>
            onAttempt({ request, displayName: wanted }, () => renameSession(client, session, wanted))
          }
        />
      );
    case 'DELETE':
      return (
        <DeleteDialog
          session={session}
          error={error}
          onClose={onClose}
          onDelete={() =>
            onAttempt({ request }, async () => {
              await deleteSession(client, session);
              request.onDeleted?.();
            })
          }
        />
      );
    case 'CLONE':
      return <CloneDialog session={session} onClose={onClose} />;
    case 'denied':
      return <DeniedDialog action={request.action} remedy={request.remedy} onClose={onClose} />;
  }
}

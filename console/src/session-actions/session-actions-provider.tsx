import { useApolloClient } from '@apollo/client/react';
import { type ReactNode, useMemo, useState } from 'react';
import { CloneDialog } from './clone-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { DeniedDialog } from './denied-dialog.tsx';
import { FailedDialog } from './failed-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { type ActionRequest, SessionActionsContext } from './session-actions-context.ts';
import { deleteSession, renameSession, startSession, stopSession } from './session-mutations.ts';

/** A request that waits for an answer, or has failed. */
interface Open {
  request: ActionRequest;
  displayName?: string | null;
  error?: unknown;
}

type Act = () => Promise<unknown>;

/** Does what the {@link SessionActions} below it are asked for, and shows their dialogs. */
export function SessionActionsProvider({ children }: { children: ReactNode }) {
  const client = useApolloClient();
  const [open, setOpen] = useState<Open>();
  const { attempt, request } = useMemo(() => {
    /** The dialog comes back with the error. */
    async function attempt(next: Open, act: Act): Promise<void> {
      setOpen(undefined);
      try {
        await act();
      } catch (error) {
        setOpen({ ...next, error });
      }
    }
    function request(asked: ActionRequest): void {
      const { kind, session } = asked;
      if (kind === 'START') void attempt({ request: asked }, () => startSession(client, session));
      else if (kind === 'STOP') void attempt({ request: asked }, () => stopSession(client, session));
      else setOpen({ request: asked });
    }
    return { attempt, request };
  }, [client]);
  const context = useMemo(() => ({ request }), [request]);
  return (
    <SessionActionsContext value={context}>
      {children}
      {open && (
        <OpenDialog {...open} onClose={() => setOpen(undefined)} onRetry={request} onAttempt={attempt} />
      )}
    </SessionActionsContext>
  );
}

interface OpenDialogProps extends Open {
  onClose(): void;
  onRetry(request: ActionRequest): void;
  onAttempt(next: Open, act: Act): Promise<void>;
}

function OpenDialog({ request, displayName, error, onClose, onRetry, onAttempt }: OpenDialogProps) {
  const client = useApolloClient();
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
            void onAttempt({ request, displayName: wanted }, () => renameSession(client, session, wanted))
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
            void onAttempt({ request }, async () => {
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

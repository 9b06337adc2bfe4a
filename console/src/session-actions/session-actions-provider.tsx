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
  /** The first one is shown. */
  const [dialogs, setDialogs] = useState<readonly (Open & { id: number })[]>([]);
  const { attempt, request, close } = useMemo(() => {
    let nextId = 1;
    const open = (next: Open) => {
      const id = nextId++;
      setDialogs((current) => [...current, { ...next, id }]);
    };
    const close = () => setDialogs((current) => current.slice(1));
    /** The dialog comes back with the error, after one that is open by then. */
    async function attempt(next: Open, act: Act): Promise<void> {
      try {
        await act();
      } catch (error) {
        open({ ...next, error });
      }
    }
    function request(asked: ActionRequest): void {
      const { kind, session } = asked;
      if (kind === 'START') void attempt({ request: asked }, () => startSession(client, session));
      else if (kind === 'STOP') void attempt({ request: asked }, () => stopSession(client, session));
      else open({ request: asked });
    }
    return { attempt, request, close };
  }, [client]);
  const [shown] = dialogs;
  const context = useMemo(() => ({ request }), [request]);
  return (
    <SessionActionsContext value={context}>
      {children}
      {shown && (
        <OpenDialog
          key={shown.id}
          {...shown}
          onClose={close}
          onRetry={(again) => {
            close();
            request(again);
          }}
          onAttempt={(next, act) => {
            close();
            void attempt(next, act);
          }}
        />
      )}
    </SessionActionsContext>
  );
}

interface OpenDialogProps extends Open {
  onClose(): void;
  onRetry(request: ActionRequest): void;
  onAttempt(next: Open, act: Act): void;
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

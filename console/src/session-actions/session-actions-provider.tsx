import { useApolloClient } from '@apollo/client/react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { ActionDialog } from './action-dialog.tsx';
import { type ActionRequest, type OpenRequest, SessionActionsContext } from './session-actions-context.ts';
import { startSession, stopSession } from './session-mutations.ts';

/**
 * Does what the {@link SessionActions} below it are asked for, and shows their dialogs. It is above all pages, as an action can fail
 * after the user has gone to another page.
 */
export function SessionActionsProvider({ children }: { children: ReactNode }) {
  const client = useApolloClient();
  const [path] = useLocation();
  /** The first is shown: a failure does not take the place of a dialog that the user has open. */
  const [open, setOpen] = useState<readonly (OpenRequest & { key: number })[]>([]);
  const { attempt, request, close } = useMemo(() => {
    let count = 0;
    function add(added: OpenRequest): void {
      count += 1;
      const key = count;
      setOpen((others) => [...others, { ...added, key }]);
    }
    const close = (key: number) => setOpen((others) => others.filter((other) => other.key !== key));
    /** The dialog comes back with the error. */
    async function attempt(tried: OpenRequest, act: () => Promise<unknown>): Promise<void> {
      try {
        await act();
      } catch (error) {
        add({ ...tried, error });
      }
    }
    function request(asked: ActionRequest): void {
      const { kind, session } = asked;
      if (kind === 'START') void attempt({ request: asked }, () => startSession(client, session));
      else if (kind === 'STOP') void attempt({ request: asked }, () => stopSession(client, session));
      else add({ request: asked });
    }
    return { attempt, request, close };
  }, [client]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on another page
  useEffect(() => {
    // What has failed is said there too.
    setOpen((others) => others.filter(({ error }) => error !== undefined));
  }, [path]);
  const context = useMemo(() => ({ request }), [request]);
  const [shown] = open;
  return (
    <SessionActionsContext value={context}>
      {children}
      {shown && (
        <ActionDialog
          key={shown.key}
          open={shown}
          onClose={() => close(shown.key)}
          onRetry={(again) => {
            close(shown.key);
            request(again);
          }}
          onAttempt={(tried, act) => {
            close(shown.key);
            void attempt(tried, act);
          }}
        />
      )}
    </SessionActionsContext>
  );
}

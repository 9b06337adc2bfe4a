import { createContext } from 'react';
import type { SessionAction, SessionActionsFragment, UnavailableActionsQuery } from '../generated/graphql.ts';

export type Remedy = NonNullable<
  NonNullable<UnavailableActionsQuery['session']>['unavailableActions']
>[number]['remedy'];

/** What somebody wants of a session. */
export type ActionRequest =
  | { kind: SessionAction; session: SessionActionsFragment; onDeleted?: (() => void) | undefined }
  | { kind: 'denied'; session: SessionActionsFragment; action: SessionAction; remedy: Remedy };

/** A request that waits for the user's answer, or has failed. */
export interface OpenRequest {
  request: ActionRequest;
  /** The display name that was refused. */
  displayName?: string | null;
  error?: unknown;
}

/** Dialogs and errors of actions outlive the row from which they came. */
export const SessionActionsContext = createContext<{ request(request: ActionRequest): void }>({
  request() {
    throw new Error('No SessionActionsProvider around');
  },
});

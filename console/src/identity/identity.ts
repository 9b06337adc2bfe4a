import { createContext, useContext } from 'react';
import type { PageConfig, Person } from '../../../src/http/console/page-config.ts';

export interface Identity {
  /** Undefined until it was read. */
  config: PageConfig | undefined;
  /** Whose token the console sends; undefined before somebody has signed in. */
  username: string | undefined;
  /** Why nobody can sign in; undefined if all is well. */
  problem: unknown;
  /** Those to pick from; empty outside of a sandbox. */
  people: readonly Person[];
  pick(person: Person): void;
  /** Signs out, so that another token can be given. */
  signOut(): void;
}

export const IdentityContext = createContext<Identity | undefined>(undefined);

export function useIdentity(): Identity {
  const identity = useContext(IdentityContext);
  if (!identity) throw new Error('There is no IdentityProvider');
  return identity;
}

import { useContext, useEffect, useSyncExternalStore } from 'react';
import { useLocation } from 'wouter';
import type { Trouble } from '../apollo/connection.ts';
import { CallerContext } from '../identity/caller.ts';
import type { Caller } from '../identity/sign-in.ts';
import { trouble as text } from '../text/trouble.ts';
import './trouble-banner.css';

/** Says on each page what keeps it from Writ, for as long as it does. */
export function TroubleBanner() {
  const caller = useContext(CallerContext);
  return (
    // It is there before its text, so that screen readers announce it.
    <div role="status" className="trouble-banner">
      {caller && <CurrentTrouble caller={caller} />}
    </div>
  );
}

function CurrentTrouble({ caller: { connection } }: { caller: Caller }) {
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has subscriptions of its own
  useEffect(() => connection.found(), [connection, path]);
  const trouble = useSyncExternalStore(connection.subscribe, connection.read);
  return trouble && <p>{describe(trouble)}</p>;
}

function describe(trouble: Trouble): string {
  return trouble.kind === 'busy' ? text.busy(trouble.seconds) : text[trouble.kind];
}

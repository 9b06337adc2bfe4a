import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { PageConfig, Person } from '../../../src/http/console/page-config.ts';
import { useActivityLog } from '../activity/activity-context.ts';
import { CallerContext } from './caller.ts';
import { IdentityContext } from './identity.ts';
import { loadConfig } from './page-config.ts';
import { type Caller, signIn } from './sign-in.ts';
import { TokenDialog } from './token-dialog.tsx';

/** The name of the person who was picked in this tab. It is no token. */
const PICKED = 'writ-person';

/**
 * Keeps who uses the console, in memory alone. Another person gets another client, and so nothing that was read as somebody
 * else; a new token of the same person continues with what is there.
 */
export function IdentityProvider({ children }: { children: ReactNode }) {
  const activity = useActivityLog();
  const [config, setConfig] = useState<PageConfig>();
  const [caller, setCaller] = useState<Caller>();
  const [problem, setProblem] = useState<unknown>();
  /** While the cluster has refused the token of the caller. */
  const [renewal, setRenewal] = useState<PromiseWithResolvers<void>>();
  const pending = useRef<PromiseWithResolvers<void>>(undefined);

  const askAgain = useCallback(() => {
    // All operations that were refused wait for the same token.
    pending.current ??= Promise.withResolvers();
    setRenewal(pending.current);
    return pending.current.promise;
  }, []);

  const endRenewal = useCallback(() => {
    pending.current?.resolve();
    pending.current = undefined;
    setRenewal(undefined);
  }, []);

  const current = useRef<Caller>(undefined);
  const enter = useCallback((next: Caller | undefined) => {
    current.current?.close();
    current.current = next;
    setCaller(next);
    setProblem(undefined);
  }, []);

  const pick = useCallback(
    async ({ name: username, token }: Person) => {
      if (!config) return;
      sessionStorage.setItem(PICKED, username);
      enter(await signIn({ config, activity, token, username, askAgain }));
    },
    [config, activity, askAgain, enter],
  );

  useEffect(() => {
    let isCurrent = true;
    async function begin() {
      const loaded = await loadConfig();
      if (!isCurrent) return;
      setConfig(loaded);
      const { identity } = loaded;
      if (identity.kind === 'proxy') {
        const signedIn = await signIn({ config: loaded, activity, token: undefined, askAgain });
        if (isCurrent) enter(signedIn);
        else signedIn.close();
      } else if (identity.kind === 'people') {
        const picked = identity.people.find(({ name }) => name === sessionStorage.getItem(PICKED));
        if (picked) {
          const { name: username, token } = picked;
          enter(await signIn({ config: loaded, activity, token, username, askAgain }));
        }
      }
    }
    begin().catch((error) => isCurrent && setProblem(error));
    return () => {
      isCurrent = false;
    };
  }, [activity, askAgain, enter]);

  const give = async (token: string) => {
    if (!config) return;
    const next = await signIn({ config, activity, token, askAgain });
    if (caller && next.username === caller.username) {
      next.close();
      caller.renew(token);
    } else {
      if (caller) activity.forget();
      enter(next);
    }
    endRenewal();
  };

  const identity = useMemo(() => {
    const people = config?.identity.kind === 'people' ? config.identity.people : [];
    return {
      config,
      username: caller?.username,
      problem,
      people,
      pick: (person: Person) => void pick(person),
      signOut: () => {
        enter(undefined);
        activity.forget();
      },
    };
  }, [config, caller, problem, pick, enter, activity]);

  const asksForToken = config?.identity.kind === 'token' && (!caller || renewal !== undefined);
  return (
    <IdentityContext value={identity}>
      <CallerContext value={caller}>
        {children}
        {config && asksForToken && (
          <TokenDialog
            isAgain={renewal !== undefined}
            behindProxy={config.authenticatingProxy}
            onGive={give}
          />
        )}
      </CallerContext>
    </IdentityContext>
  );
}

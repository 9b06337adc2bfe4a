import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { map } from 'rxjs';
import { resubscribing } from '../../apollo/resubscribe.ts';
import { FollowedLogDocument } from '../../generated/graphql.ts';
import { LogBuffer } from './log-buffer.ts';

export interface FollowedLog {
  buffer: LogBuffer;
  state: 'following' | 'lost' | 'ended' | 'failed' | 'read' | 'connecting';
  error: unknown;
}

interface FollowedLogOptions {
  project: string;
  name: string;
  /** Null: the default of each pod. */
  container: string | null;
  /** A log that has ended goes on with another pod. */
  newestPod: string | undefined;
  /** Nothing is subscribed to. */
  isSkipped: boolean;
}

/** The log of a session as it is written, through lost connections. */
export function useFollowedLog(options: FollowedLogOptions): FollowedLog {
  const { project, name, container, newestPod = '', isSkipped } = options;
  const client = useApolloClient();
  const [log, setLog] = useState(() => begun(container));
  const pod = useRef(newestPod);
  useEffect(() => {
    pod.current = newestPod;
  }, [newestPod]);
  if (log.container !== container) setLog(begun(container));
  const { buffer, endedWith } = log;
  const isEnded = endedWith !== undefined && endedWith === newestPod;

  useEffect(() => {
    if (isEnded || isSkipped) return;
    const change = (next: Partial<Omit<Log, 'buffer'>>) =>
      setLog((current) => (current.buffer === buffer ? { ...current, ...next } : current));
    const subscribe = () =>
      client
        .subscribe({
          query: FollowedLogDocument,
          variables: { project, name, container, sinceTime: buffer.resume() ?? null },
          // Apollo Client would keep each chunk in its cache for ever.
          fetchPolicy: 'no-cache',
          errorPolicy: 'all',
        })
        .pipe(
          map(({ data, error }) => {
            if (error || !data) throw error ?? new Error('A chunk without data');
            return data.sessionLogs;
          }),
        );
    change({ state: 'following', error: undefined });
    const chunks = resubscribing(subscribe, {
      onLost: (error) => change({ state: error === undefined ? 'following' : 'lost', error: undefined }),
    }).subscribe({
      next: ({ lines, skipped }) => buffer.append(lines, skipped),
      error: (error) => change({ state: 'failed', error }),
      complete: () => change({ state: 'ended', endedWith: pod.current }),
    });
    return () => chunks.unsubscribe();
  }, [client, project, name, container, buffer, isEnded, isSkipped]);

  return log;
}

interface Log extends FollowedLog {
  container: string | null;
  /** The newest pod when it ended. */
  endedWith: string | undefined;
}

function begun(container: string | null): Log {
  return { container, buffer: new LogBuffer(), state: 'connecting', error: undefined, endedWith: undefined };
}

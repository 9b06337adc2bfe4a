import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { PodLogDocument } from '../../generated/graphql.ts';
import { LogBuffer, type NewLine } from './log-buffer.ts';
import type { FollowedLog } from './use-followed-log.ts';

interface PodLogOptions {
  project: string;
  name: string;
  /** Undefined: nothing is read. */
  pod: string | undefined;
  container: string | null;
  isPrevious: boolean;
}

/** The last lines of one pod, as they were when they were read. */
export function usePodLog(options: PodLogOptions): FollowedLog & { readAgain(): void } {
  const { project, name, pod = '', container, isPrevious: previous } = options;
  const { data, error, loading, refetch } = useQuery(PodLogDocument, {
    variables: { project, name, pod, container, previous },
    skip: pod === '',
    // A log is large, and soon another.
    fetchPolicy: 'no-cache',
    notifyOnNetworkStatusChange: true,
  });
  const log = data?.session?.logs;
  const buffer = useMemo(() => {
    const read = new LogBuffer();
    if (log) read.append(log.replace(/\n$/, '').split('\n').map(lineOf));
    return read;
  }, [log]);
  const state = loading ? 'connecting' : error ? 'failed' : 'read';
  return { buffer, state, error, readAgain: () => void refetch() };
}

/** A line begins with its time, unless the kubelet has written it itself. */
function lineOf(line: string): NewLine {
  const [, timestamp, text] = /^(\d{4}-\d\d-\d\dT\S+) (.*)$/s.exec(line) ?? [];
  return timestamp === undefined ? { text: line } : { text: text ?? '', timestamp };
}

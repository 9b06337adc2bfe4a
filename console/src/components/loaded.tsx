import type { ReactNode } from 'react';
import { hasCode, problemsOf } from '../apollo/errors.ts';
import { common } from '../text/common.ts';
import { EmptyState } from './empty-state.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { Spinner } from './spinner.tsx';

interface LoadedProps<Value> {
  /** What a query has read of the project; null if it has failed or there is none. */
  value: Value | null | undefined;
  isLoading: boolean;
  error: unknown;
  onRetry(): void;
  children(value: Value): ReactNode;
}

/** What was read, beside what has failed; or why there is nothing to show. */
export function Loaded<Value>({ value, isLoading, error, onRetry, children }: LoadedProps<Value>) {
  const isRefused = hasCode(error, 'FORBIDDEN');
  const problems = problemsOf(error);
  if (!value && isLoading) return <Spinner />;
  return (
    <>
      <ErrorNotice error={problems} onRetry={isRefused ? undefined : onRetry} />
      {value ? children(value) : problems.length === 0 && <EmptyState {...common.notFound} />}
    </>
  );
}

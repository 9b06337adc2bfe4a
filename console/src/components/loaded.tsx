import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { hasCode, problemsOf } from '../apollo/errors.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Spinner } from '../components/spinner.tsx';
import { common } from '../text/common.ts';

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
      {value ? children(value) : problems.length === 0 && <Missing />}
    </>
  );
}

function Missing() {
  const { title, hint, link } = common.notFound;
  return (
    <EmptyState title={title} hint={hint}>
      <Link href="/">{link}</Link>
    </EmptyState>
  );
}

import type { ReactNode } from 'react';
import './empty-state.css';

interface EmptyStateProps {
  /** Absent where the title of the page says it. */
  title?: string;
  /** What to do next. */
  hint: string;
  children?: ReactNode;
}

export function EmptyState({ title, hint, children }: EmptyStateProps) {
  return (
    <div className="empty-state">
      {title !== undefined && <h2>{title}</h2>}
      <p>{hint}</p>
      {children}
    </div>
  );
}

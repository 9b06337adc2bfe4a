import type { ReactNode } from 'react';
import { Link } from 'wouter';
import './empty-state.css';

interface EmptyStateProps {
  /** Absent where the title of the page says it. */
  title?: string;
  /** What to do next. */
  hint: string;
  /** The text of a link to where to go instead. */
  link?: string;
  /** Where that leads: to the projects unless told otherwise. */
  href?: string;
  children?: ReactNode;
}

export function EmptyState({ title, hint, link, href = '/', children }: EmptyStateProps) {
  return (
    <div className="empty-state">
      {title !== undefined && <h2>{title}</h2>}
      <p>{hint}</p>
      {link !== undefined && <Link href={href}>{link}</Link>}
      {children}
    </div>
  );
}

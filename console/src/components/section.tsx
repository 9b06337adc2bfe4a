import { type ReactNode, useId } from 'react';
import './section.css';

interface SectionProps {
  title: string;
  hint?: string;
  /** Beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page, with a heading of the second level. */
export function Section({ title, hint, actions, children }: SectionProps) {
  const titleId = useId();
  return (
    <section className="section" aria-labelledby={titleId}>
      <header>
        <h2 id={titleId}>{title}</h2>
        {actions}
      </header>
      {hint !== undefined && <p className="section-hint">{hint}</p>}
      {children}
    </section>
  );
}

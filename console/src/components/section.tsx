import { type ReactNode, useId } from 'react';
import './section.css';

interface SectionProps {
  title: string;
  hint?: string;
  /** Beside the title. */
  actions?: ReactNode;
  /** Without a border, where a page has many. */
  isPlain?: boolean;
  children: ReactNode;
}

/** A part of a page, with a heading of the second level. */
export function Section({ title, hint, actions, isPlain = false, children }: SectionProps) {
  const titleId = useId();
  return (
    <section className={isPlain ? 'section plain-section' : 'section'} aria-labelledby={titleId}>
      <header>
        <h2 id={titleId}>{title}</h2>
        {actions}
      </header>
      {hint !== undefined && <p className="section-hint">{hint}</p>}
      {children}
    </section>
  );
}

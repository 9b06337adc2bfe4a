import { type ReactNode, useId } from 'react';

export function SessionSection({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="session-section">
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

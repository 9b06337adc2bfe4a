import type { ReactNode } from 'react';
import './folded-fields.css';

/** Fields that few need. They unfold when one of them keeps the form from being sent: it could not have the focus. */
export function FoldedFields({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details
      className="folded-fields"
      onInvalidCapture={(event) => {
        event.currentTarget.open = true;
      }}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

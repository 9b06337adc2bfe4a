import type { ReviewFragment } from '../generated/graphql.ts';
import { access as text } from '../text/access.ts';
import './access-notice.css';
import { Manifest } from './manifest.tsx';

interface AccessNoticeProps {
  /** What the caller may not do. */
  denied: string;
  review: ReviewFragment | null | undefined;
}

/** Says what the caller may not do on this page, and what it would take. It is nothing if the caller may. */
export function AccessNotice({ denied, review }: AccessNoticeProps) {
  if (!review || review.allowed) return null;
  const { reason, remedy } = review;
  return (
    <div role="note" className="access-notice" aria-label={text.label}>
      <p>
        <strong>{denied}</strong> {remedy?.projectRole && text.askFor(text.roles[remedy.projectRole])}
      </p>
      {(reason || remedy) && (
        <details>
          <summary>{text.details}</summary>
          {reason && <p>{text.reason(reason)}</p>}
          {remedy && (
            <>
              <p>{remedy.description}</p>
              <Manifest manifest={remedy.manifest} />
            </>
          )}
        </details>
      )}
    </div>
  );
}

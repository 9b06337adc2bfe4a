import { RelativeTime } from '../components/relative-time.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as text } from '../text/session.ts';
import { momentsOf } from './moments.ts';

export function Timeline({ session }: { session: SessionDetailFragment }) {
  return (
    <ol className="timeline" aria-label={text.timeline.title}>
      {momentsOf(session).map(({ key, title, tone, time, reason, message }) => (
        <li key={key} data-tone={tone}>
          <div>
            <strong>{title}</strong>
            {reason && <code>{reason}</code>}
            {time && (
              <span className="muted">
                <RelativeTime time={time} />
              </span>
            )}
          </div>
          {message && <p>{message}</p>}
        </li>
      ))}
    </ol>
  );
}

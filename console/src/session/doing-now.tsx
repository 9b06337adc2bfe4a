import { RelativeTime } from '../components/relative-time.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as text } from '../text/session.ts';
import { doingOf } from './doing.ts';

/** Screen readers say it when it changes. */
export function DoingNow({ session }: { session: SessionDetailFragment }) {
  const { text: words, tone, when } = doingOf(session);
  const [what, time] = when ?? [];
  return (
    <div className="doing-now" data-tone={tone}>
      <p role="status" aria-label={text.now}>
        {words}
      </p>
      {time && (
        <span className="muted">
          {what} <RelativeTime time={time} />
        </span>
      )}
    </div>
  );
}

import { RelativeTime } from '../components/relative-time.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as text } from '../text/session.ts';
import { doingOf } from './doing.ts';

/** Screen readers say it when it changes. */
export function DoingNow({ session }: { session: SessionDetailFragment }) {
  const { text: words, tone, since } = doingOf(session);
  return (
    <div className="doing-now" data-tone={tone}>
      <p role="status" aria-label={text.now}>
        {words}
      </p>
      {since && (
        <span className="muted">
          <RelativeTime time={since} />
        </span>
      )}
    </div>
  );
}

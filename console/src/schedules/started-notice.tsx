import { Link } from 'wouter';
import { sessionPath } from '../app/paths.ts';
import { schedules as text } from '../text/schedules.ts';

interface StartedNoticeProps {
  project: string;
  session: { name: string; displayName: string | null } | undefined;
}

/** After a schedule was triggered: its session. */
export function StartedNotice({ project, session }: StartedNoticeProps) {
  return (
    <div role="status">
      {session && (
        <p className="started-notice">
          {text.triggered}{' '}
          <Link href={sessionPath(project, session.name)}>{session.displayName ?? session.name}</Link>
        </p>
      )}
    </div>
  );
}

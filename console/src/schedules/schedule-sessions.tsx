import { sessionPath } from '../app/paths.ts';
import { ObjectLink } from '../components/object-link.tsx';
import { PhaseBadge } from '../components/phase-badge.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import { Rows } from '../components/rows.tsx';
import { Section } from '../components/section.tsx';
import type { ScheduleQuery } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';

const text = schedules.details;

interface ScheduleSessionsProps {
  project: string;
  /** Null if they could not be read. */
  sessions: NonNullable<ScheduleQuery['scheduledSession']>['sessions'];
}

/** The sessions that a schedule has created, newest first. */
export function ScheduleSessions({ project, sessions }: ScheduleSessionsProps) {
  if (!sessions) return null;
  const { nodes, totalCount } = sessions;
  return (
    <Section
      title={text.sessions}
      {...(totalCount !== null &&
        totalCount > nodes.length && { hint: text.sessionsOf(nodes.length, totalCount) })}
    >
      <Rows
        label={text.sessions}
        items={nodes}
        empty={<p>{text.noSessions}</p>}
        className="schedule-sessions"
      >
        {({ id, name, displayName, phase, createdAt, createdBy }) => (
          <li key={id}>
            <div className="row-main">
              <ObjectLink href={sessionPath(project, name)} name={name} displayName={displayName} />
              <p>
                <RelativeTime time={createdAt} />
                {createdBy && ` ${schedules.owner(createdBy.displayName ?? createdBy.userId)}`}
              </p>
            </div>
            <PhaseBadge phase={phase} />
          </li>
        )}
      </Rows>
    </Section>
  );
}

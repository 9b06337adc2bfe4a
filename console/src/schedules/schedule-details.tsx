import '../components/facts.css';
import { RelativeTime } from '../components/relative-time.tsx';
import { Section } from '../components/section.tsx';
import type { ScheduleQuery } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import { NextTimes } from './next-times.tsx';
import { viewerTimeZone } from './schedule-draft.ts';
import { ScheduleSessions } from './schedule-sessions.tsx';
import { ScheduleState } from './schedule-state.tsx';
import './schedules.css';
import { TemplateFacts } from './template-facts.tsx';

const text = schedules.details;

type Schedule = NonNullable<ScheduleQuery['scheduledSession']>;

export function ScheduleDetails({ schedule }: { schedule: Schedule }) {
  const { owner, suspended, suspendedReason, sessionTemplate, lastScheduleTime } = schedule;
  return (
    <>
      {suspended && (
        <p className="page-hint">
          {suspendedReason} {schedules.resumeHint}
        </p>
      )}
      <div className="schedule-columns">
        <Section title={text.schedule} actions={<ScheduleState schedule={schedule} />}>
          <dl className="facts">
            <dt>{text.expression}</dt>
            <dd>
              <code>{schedule.schedule}</code>
            </dd>
            <dt>{text.timeZone}</dt>
            <dd>{schedule.timeZone}</dd>
            <dt>{text.concurrency}</dt>
            <dd>{schedules.policies[schedule.concurrencyPolicy]}</dd>
            <dt>{text.owner}</dt>
            <dd>
              {owner.userId === '' ? (
                schedules.ownerMissing
              ) : (
                <>
                  {owner.displayName ?? owner.userId}{' '}
                  <small>({owner.verified ? text.verified : text.unverified})</small>
                </>
              )}
            </dd>
            <dt>{text.lastStarted}</dt>
            <dd>{lastScheduleTime ? <RelativeTime time={lastScheduleTime} /> : schedules.neverRan}</dd>
            <dt>{text.created}</dt>
            <dd>
              <RelativeTime time={schedule.createdAt} />
            </dd>
          </dl>
        </Section>
        <Section title={text.times} hint={text.timesHint(viewerTimeZone())}>
          <NextTimes schedule={schedule} />
        </Section>
      </div>
      <ScheduleSessions project={schedule.projectName} sessions={schedule.sessions ?? null} />
      <Section title={text.template}>
        {sessionTemplate ? <TemplateFacts template={sessionTemplate} /> : <p>{text.noTemplate}</p>}
      </Section>
    </>
  );
}

import { type Fact, Facts } from '../components/facts.tsx';
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
  const facts: Fact[] = [
    [text.expression, <code key="expression">{schedule.schedule}</code>],
    [text.timeZone, schedule.timeZone],
    [text.concurrency, schedules.policies[schedule.concurrencyPolicy]],
    [text.owner, owner.userId === '' ? schedules.ownerMissing : <Owner key="owner" {...owner} />],
    [
      text.lastStarted,
      lastScheduleTime ? <RelativeTime key="last" time={lastScheduleTime} /> : schedules.neverRan,
    ],
    [text.created, <RelativeTime key="created" time={schedule.createdAt} />],
  ];
  return (
    <>
      {suspended && (
        <p className="page-hint">
          {suspendedReason} {schedules.resumeHint}
        </p>
      )}
      <div className="schedule-columns">
        <Section title={text.schedule} actions={<ScheduleState schedule={schedule} />}>
          <Facts items={facts} />
        </Section>
        <Section title={text.times} hint={text.timesHint(viewerTimeZone(), schedule.timeZone)}>
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

function Owner({ userId, displayName, verified }: Schedule['owner']) {
  return (
    <>
      {displayName ?? userId} <small>({verified ? text.verified : text.unverified})</small>
    </>
  );
}

import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as texts } from '../text/session.ts';

const text = texts.timeline;

export interface Moment {
  key: string;
  title: string;
  tone: 'neutral' | 'active' | 'good' | 'bad';
  time: string | null | undefined;
  reason?: string | null;
  message?: string | null;
}

/** What is known of the course of a session, newest first. What has no time is at the end. */
export function momentsOf(session: SessionDetailFragment): Moment[] {
  const { createdAt, startTime, completionTime, lastActivityTime, deletionTimestamp, phase } = session;
  const moments: Moment[] = [
    { key: 'created', title: text.created, tone: 'neutral', time: createdAt },
    ...session.conditions.map(ofCondition),
  ];
  if (startTime) moments.push({ key: 'started', title: text.started, tone: 'active', time: startTime });
  if (lastActivityTime)
    moments.push({ key: 'activity', title: text.activity, tone: 'active', time: lastActivityTime });
  if (completionTime) {
    const tone = phase === 'FAILED' ? 'bad' : phase === 'COMPLETED' ? 'good' : 'neutral';
    moments.push({ key: 'ended', title: text.ended, tone, time: completionTime });
  }
  if (deletionTimestamp)
    moments.push({ key: 'deletion', title: text.deletion, tone: 'bad', time: deletionTimestamp });
  // Of the same second, the later step of a session's course comes first.
  return moments.reverse().sort((a, b) => timeOf(b) - timeOf(a));
}

function ofCondition(condition: SessionDetailFragment['conditions'][number]): Moment {
  const { type, status, reason, message, lastTransitionTime: time } = condition;
  const title = text.conditions[type]?.[status] ?? text.condition(type, status);
  const tone = status === 'False' ? 'bad' : status === 'True' ? 'good' : 'neutral';
  return { key: `condition ${type}`, title, tone, time, reason: reason ?? null, message: message ?? null };
}

function timeOf({ time }: Moment): number {
  return time ? Date.parse(time) : Number.NEGATIVE_INFINITY;
}

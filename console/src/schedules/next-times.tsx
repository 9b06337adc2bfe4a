import { RelativeTime } from '../components/relative-time.tsx';
import type { ScheduleRowFragment } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import { viewerTimeZone } from './schedule-draft.ts';

const text = schedules.details;

/** In the time zone of the viewer, and in that of the schedule where it differs. */
export function NextTimes({ schedule }: { schedule: ScheduleRowFragment }) {
  const { nextScheduleTimes, timeZone, suspended } = schedule;
  if (nextScheduleTimes.length === 0) return <p>{suspended ? text.noTimesSuspended : text.noTimes}</p>;
  const viewer = viewerTimeZone();
  return (
    <ul className="next-times">
      {nextScheduleTimes.map((time) => (
        <li key={time}>
          <strong>{timeIn(time, viewer)}</strong>
          {timeIn(time, timeZone) !== timeIn(time, viewer) && (
            <span>{text.inZone(timeIn(time, timeZone), timeZone)}</span>
          )}
          <RelativeTime time={time} />
        </li>
      ))}
    </ul>
  );
}

function timeIn(time: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  });
  return format.format(new Date(time));
}

import '../components/rows.css';
import type { ScheduleRowFragment } from '../generated/graphql.ts';
import { schedules as text } from '../text/schedules.ts';

export function ScheduleState({ schedule }: { schedule: Pick<ScheduleRowFragment, 'suspended'> }) {
  const { suspended } = schedule;
  return (
    <span className="tag" data-tone={suspended ? 'caution' : 'positive'}>
      {suspended ? text.suspended : text.active}
    </span>
  );
}

import { Button } from '../components/button.tsx';
import type { ScheduleRowFragment } from '../generated/graphql.ts';
import { schedules as text } from '../text/schedules.ts';
import type { ScheduleActions } from './use-schedule-actions.ts';

interface ScheduleButtonsProps {
  schedule: ScheduleRowFragment;
  actions: ScheduleActions;
  onEdit(): void;
  onDelete(): void;
}

export function ScheduleButtons({ schedule, actions, onEdit, onDelete }: ScheduleButtonsProps) {
  return (
    <>
      <Button variant="primary" isPending={actions.isTriggering} onPress={() => actions.trigger(schedule)}>
        {text.trigger}
      </Button>
      {schedule.suspended ? (
        <Button onPress={() => actions.resume(schedule)}>{text.resume}</Button>
      ) : (
        <Button onPress={() => actions.suspend(schedule)}>{text.suspend}</Button>
      )}
      <Button onPress={onEdit}>{text.edit}</Button>
      <Button variant="danger" onPress={onDelete}>
        {text.delete}
      </Button>
    </>
  );
}

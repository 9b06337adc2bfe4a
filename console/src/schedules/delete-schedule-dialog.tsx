import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import type { ScheduleRowFragment } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import type { ScheduleActions } from './use-schedule-actions.ts';

const text = schedules.deleteForm;

interface Props {
  schedule: ScheduleRowFragment;
  actions: ScheduleActions;
  onDeleted?(): void;
  onClose(): void;
}

export function DeleteScheduleDialog({ schedule, actions, onDeleted, onClose }: Props) {
  const confirm = async () => {
    if (!(await actions.remove(schedule))) return;
    onClose();
    onDeleted?.();
  };
  return (
    <ConfirmDialog
      title={text.title(schedule.name)}
      isOpen
      confirm={text.submit}
      isPending={actions.isRemoving}
      error={actions.removalError}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{text.hint}</p>
    </ConfirmDialog>
  );
}

import { evict } from '../apollo/evict.ts';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { DeleteScheduleDocument, type ScheduleRowFragment } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';

const text = schedules.deleteForm;

interface Props {
  schedule: ScheduleRowFragment;
  /** Called even if the dialog was closed by then. */
  onDeleted?(): void;
  onClose(): void;
}

export function DeleteScheduleDialog({ schedule, onDeleted, onClose }: Props) {
  const { projectName: project, name } = schedule;
  const { submit, isPending, error } = useFormMutation(DeleteScheduleDocument, {
    update: (cache, { data }) => evict(cache, 'ScheduledSession', data?.deleteScheduledSession?.deletedId),
    onDone: onClose,
  });
  const remove = async () => {
    if (await submit({ project, name })) onDeleted?.();
  };
  return (
    <ConfirmDialog
      title={text.title(name)}
      confirm={text.submit}
      isPending={isPending}
      error={error}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{text.hint}</p>
    </ConfirmDialog>
  );
}

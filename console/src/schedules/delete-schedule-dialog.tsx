import { useMutation } from '@apollo/client/react';
import { evict } from '../apollo/evict.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { DeleteScheduleDocument, type ScheduleRowFragment } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';

const text = schedules.deleteForm;

interface Props {
  schedule: ScheduleRowFragment;
  onDeleted?(): void;
  onClose(): void;
}

export function DeleteScheduleDialog({ schedule, onDeleted, onClose }: Props) {
  const isMounted = useIsMounted();
  const [remove, { loading, error }] = useMutation(DeleteScheduleDocument, {
    variables: { project: schedule.projectName, name: schedule.name },
    update: (cache, { data }) => evict(cache, 'ScheduledSession', data?.deleteScheduledSession?.deletedId),
    onCompleted(data) {
      if (!data.deleteScheduledSession) return;
      // Another dialog may be open by then.
      if (isMounted.current) onClose();
      onDeleted?.();
    },
    // It is shown.
    onError: () => {},
  });
  return (
    <ConfirmDialog
      title={text.title(schedule.name)}
      isOpen
      confirm={text.submit}
      isPending={loading}
      error={error}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{text.hint}</p>
    </ConfirmDialog>
  );
}

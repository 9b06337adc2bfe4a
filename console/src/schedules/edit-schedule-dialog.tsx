import { useQuery } from '@apollo/client/react';
import { Dialog } from '../components/dialog.tsx';
import { Loaded } from '../components/loaded.tsx';
import { ScheduleDocument } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import { ScheduleForm } from './schedule-form.tsx';

interface Props {
  project: string;
  name: string;
  onClose(): void;
}

/** Edits a schedule of the list, which has less of it than the form: the rest is read first. */
export function EditScheduleDialog({ project, name, onClose }: Props) {
  const { data, error, loading, refetch } = useQuery(ScheduleDocument, {
    variables: { project, name },
    fetchPolicy: 'cache-and-network',
  });
  return (
    <Dialog title={schedules.form.edit(name)} isOpen isDrawer onClose={onClose}>
      <Loaded value={data?.scheduledSession} isLoading={loading} error={error} onRetry={() => void refetch()}>
        {(schedule) => (
          <ScheduleForm project={project} schedule={schedule} onSaved={onClose} onClose={onClose} />
        )}
      </Loaded>
    </Dialog>
  );
}

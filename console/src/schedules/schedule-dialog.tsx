import { Dialog } from '../components/dialog.tsx';
import type { ScheduleDetailsFragment } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import { ScheduleForm } from './schedule-form.tsx';

interface Props {
  project: string;
  /** Null for a new one. */
  schedule: ScheduleDetailsFragment | null;
  onSaved(name: string): void;
  onClose(): void;
}

export function ScheduleDialog({ project, schedule, onSaved, onClose }: Props) {
  const title = schedule ? schedules.form.edit(schedule.name) : schedules.form.create;
  return (
    <Dialog title={title} isOpen isDrawer onClose={onClose}>
      <ScheduleForm project={project} schedule={schedule} onSaved={onSaved} onClose={onClose} />
    </Dialog>
  );
}

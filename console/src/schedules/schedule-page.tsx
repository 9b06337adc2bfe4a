import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { AccessNotice } from '../access/access-notice.tsx';
import { useRights } from '../access/use-rights.ts';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';
import { type ProjectPageProps, projectPath } from '../app/paths.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Loaded } from '../components/loaded.tsx';
import { Page } from '../components/page.tsx';
import { MayScheduleDocument, ScheduleDocument } from '../generated/graphql.ts';
import { schedules as text } from '../text/schedules.ts';
import { DeleteScheduleDialog } from './delete-schedule-dialog.tsx';
import { ScheduleButtons } from './schedule-buttons.tsx';
import { ScheduleDetails } from './schedule-details.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { StartedNotice } from './started-notice.tsx';
import { useScheduleActions } from './use-schedule-actions.ts';

export function SchedulePage({ project, params }: ProjectPageProps) {
  const name = params.name ?? '';
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const [, navigate] = useLocation();
  const isMounted = useIsMounted();
  const { data, error, loading, refetch } = useQuery(ScheduleDocument, {
    variables: { project, name },
    ...READ_WHEN_OPENED,
  });
  const { maySchedule: review } = useRights(MayScheduleDocument, { project });
  const actions = useScheduleActions(project);
  const schedule = data?.scheduledSession;
  const close = () => setOpen(undefined);
  return (
    <Page
      title={schedule?.displayName ?? name}
      actions={
        schedule &&
        review?.allowed && (
          <ScheduleButtons
            schedule={schedule}
            actions={actions}
            onEdit={() => setOpen('edit')}
            onDelete={() => setOpen('delete')}
          />
        )
      }
    >
      <AccessNotice denied={text.mayNotSchedule} review={review} />
      <ErrorNotice error={actions.error} />
      <StartedNotice project={project} session={actions.started} />
      <Loaded value={schedule} isLoading={loading} error={error} onRetry={() => void refetch()}>
        {(loaded) => <ScheduleDetails schedule={loaded} />}
      </Loaded>
      {schedule && open === 'edit' && (
        <ScheduleDialog project={project} schedule={schedule} onSaved={close} onClose={close} />
      )}
      {schedule && open === 'delete' && (
        <DeleteScheduleDialog
          schedule={schedule}
          onDeleted={() => isMounted.current && navigate(projectPath(project, '/schedules'))}
          onClose={close}
        />
      )}
    </Page>
  );
}

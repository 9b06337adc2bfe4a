import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { AccessNotice } from '../access/access-notice.tsx';
import { useRights } from '../access/use-rights.ts';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';
import type { ProjectPageProps } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Loaded } from '../components/loaded.tsx';
import { Page } from '../components/page.tsx';
import { Rows } from '../components/rows.tsx';
import { MayScheduleDocument, type ScheduleRowFragment, SchedulesDocument } from '../generated/graphql.ts';
import { schedules as text } from '../text/schedules.ts';
import { DeleteScheduleDialog } from './delete-schedule-dialog.tsx';
import { EditScheduleDialog } from './edit-schedule-dialog.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { ScheduleRow, schedulePath } from './schedule-row.tsx';
import { StartedNotice } from './started-notice.tsx';
import './schedules.css';
import { useScheduleActions } from './use-schedule-actions.ts';

export function SchedulesPage({ project }: ProjectPageProps) {
  const [isCreating, setCreating] = useState(false);
  const [edited, setEdited] = useState<ScheduleRowFragment>();
  const [deleted, setDeleted] = useState<ScheduleRowFragment>();
  const [, navigate] = useLocation();
  const { data, error, loading, refetch } = useQuery(SchedulesDocument, {
    variables: { project },
    ...READ_WHEN_OPENED,
  });
  const { maySchedule: review } = useRights(MayScheduleDocument, { project });
  const actions = useScheduleActions(project);
  const maySchedule = review?.allowed === true;
  const create = (
    <Button variant="primary" isDisabled={!maySchedule} onPress={() => setCreating(true)}>
      {text.create}
    </Button>
  );
  return (
    <Page title={text.title} hint={text.hint} actions={create}>
      <AccessNotice denied={text.mayNotSchedule} review={review} />
      <ErrorNotice error={actions.error} />
      <StartedNotice project={project} session={actions.started} />
      <Loaded
        value={data?.project?.scheduledSessions}
        isLoading={loading}
        error={error}
        onRetry={() => void refetch()}
      >
        {(schedules) => (
          <Rows
            label={text.list}
            items={schedules}
            empty={<EmptyState {...text.empty}>{maySchedule && create}</EmptyState>}
          >
            {(schedule) => (
              <ScheduleRow
                key={schedule.id}
                schedule={schedule}
                actions={maySchedule ? actions : undefined}
                onEdit={setEdited}
                onDelete={setDeleted}
              />
            )}
          </Rows>
        )}
      </Loaded>
      {isCreating && (
        <ScheduleDialog
          project={project}
          schedule={null}
          onSaved={(name) => navigate(schedulePath(project, name))}
          onClose={() => setCreating(false)}
        />
      )}
      {edited && (
        <EditScheduleDialog project={project} name={edited.name} onClose={() => setEdited(undefined)} />
      )}
      {deleted && <DeleteScheduleDialog schedule={deleted} onClose={() => setDeleted(undefined)} />}
    </Page>
  );
}

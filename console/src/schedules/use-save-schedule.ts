import { useMutation } from '@apollo/client/react';
import { useIsMounted } from '../app/use-is-mounted.ts';
import {
  CreateScheduleDocument,
  type ScheduleDetailsFragment,
  SchedulesDocument,
  UpdateScheduleDocument,
} from '../generated/graphql.ts';
import { type ScheduleDraft, templateOf } from './schedule-draft.ts';

/** Creates a schedule, or changes the stored one. The error is kept and not thrown. */
export function useSaveSchedule(project: string, onSaved: (name: string) => void) {
  const isMounted = useIsMounted();
  const finish = (name: string | undefined) => {
    if (isMounted.current && name !== undefined) onSaved(name);
  };
  const [create, created] = useMutation(CreateScheduleDocument, {
    refetchQueries: [SchedulesDocument],
    onCompleted: (data) => finish(data.createScheduledSession?.scheduledSession.name),
    onError: () => {},
  });
  const [update, updated] = useMutation(UpdateScheduleDocument, {
    onCompleted: (data) => finish(data.updateScheduledSession?.scheduledSession.name),
    onError: () => {},
  });
  const save = (draft: ScheduleDraft, stored: ScheduleDetailsFragment | null) => {
    const { name, displayName, schedule, timeZone, concurrencyPolicy, suspended } = draft;
    const input = {
      project,
      name: name.trim(),
      displayName: displayName || null,
      schedule: schedule.trim(),
      timeZone: timeZone.trim(),
      concurrencyPolicy,
      session: templateOf(draft, stored),
    };
    return stored
      ? update({ variables: { input: { ...input, resourceVersion: stored.resourceVersion } } })
      : create({ variables: { input: { ...input, suspended } } });
  };
  const forget = () => {
    created.reset();
    updated.reset();
  };
  return { save, forget, loading: created.loading || updated.loading, error: created.error ?? updated.error };
}

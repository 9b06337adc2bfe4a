import { useMutation } from '@apollo/client/react';
import {
  ResumeScheduleDocument,
  ScheduleDocument,
  type ScheduleRowFragment,
  SuspendScheduleDocument,
  TriggerScheduleDocument,
} from '../generated/graphql.ts';

/** What can be done with the schedules of a project. */
export function useScheduleActions(project: string) {
  const [suspend, suspension] = useMutation(SuspendScheduleDocument);
  const [resume, resumption] = useMutation(ResumeScheduleDocument);
  const [trigger, triggering] = useMutation(TriggerScheduleDocument, {
    refetchQueries: [ScheduleDocument],
  });
  const all = [suspension, resumption, triggering];
  const forget = () => {
    // What is in progress would be taken for ended.
    for (const { loading, reset } of all) if (!loading) reset();
  };
  const variablesOf = ({ name }: ScheduleRowFragment) => ({ project, name });
  return {
    suspend(schedule: ScheduleRowFragment) {
      forget();
      const scheduledSession = { ...schedule, suspended: true, nextScheduleTimes: [] };
      void suspend({
        variables: variablesOf(schedule),
        optimisticResponse: {
          suspendScheduledSession: {
            __typename: 'SuspendScheduledSessionPayload',
            scheduledSession,
            receipt: null,
          },
        },
      });
    },
    resume(schedule: ScheduleRowFragment) {
      forget();
      const scheduledSession = { ...schedule, suspended: false, suspendedReason: null };
      void resume({
        variables: variablesOf(schedule),
        optimisticResponse: {
          resumeScheduledSession: {
            __typename: 'ResumeScheduledSessionPayload',
            scheduledSession,
            receipt: null,
          },
        },
      });
    },
    trigger(schedule: ScheduleRowFragment) {
      if (triggering.loading) return;
      forget();
      void trigger({ variables: variablesOf(schedule) });
    },
    isTriggering: triggering.loading,
    /** The session that was started last. */
    started: triggering.data?.triggerScheduledSession?.session,
    error: suspension.error ?? resumption.error ?? triggering.error,
  };
}

export type ScheduleActions = ReturnType<typeof useScheduleActions>;

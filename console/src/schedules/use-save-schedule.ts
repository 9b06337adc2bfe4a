import { useFormMutation } from '../apollo/use-form-mutation.ts';
import {
  CreateScheduleDocument,
  type ScheduleDetailsFragment,
  SchedulesDocument,
  UpdateScheduleDocument,
} from '../generated/graphql.ts';
import { changedInput, createInput, type ScheduleDraft } from './schedule-draft.ts';

/** Creates a schedule or, with what its form began with, changes it. */
export function useSaveSchedule(
  project: string,
  base: ScheduleDetailsFragment | null,
  onSaved: (name: string) => void,
) {
  const creation = useFormMutation(CreateScheduleDocument, {
    refetchQueries: [SchedulesDocument],
    onDone: ({ createScheduledSession: saved }) => saved && onSaved(saved.scheduledSession.name),
  });
  const update = useFormMutation(UpdateScheduleDocument, {
    onDone: ({ updateScheduledSession: saved }) => saved && onSaved(saved.scheduledSession.name),
  });
  const { isPending, error, errors, reset } = base ? update : creation;
  /** @param current what is stored now, if that is known to differ from what the form began with */
  const save = (draft: ScheduleDraft, current = base) => {
    if (base && current) void update.submit({ input: { project, ...changedInput(draft, base, current) } });
    else void creation.submit({ input: { project, ...createInput(draft) } });
  };
  return { save, reset, isPending, error, errors };
}

import { useApolloClient } from '@apollo/client/react';
import { Form } from 'react-aria-components';
import { hasCode } from '../apollo/errors.ts';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { useDraft } from '../app/use-draft.ts';
import { Checkbox } from '../components/checkbox.tsx';
import { ConflictNotice } from '../components/conflict-notice.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
import { useFocusOnError } from '../components/use-focus-on-error.ts';
import { type ScheduleDetailsFragment, ScheduleDocument } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import { draftOf } from './schedule-draft.ts';
import { TemplateFields } from './template-fields.tsx';
import { TimeFields } from './time-fields.tsx';
import { useSaveSchedule } from './use-save-schedule.ts';

const text = schedules.fields;

interface Props {
  project: string;
  schedule: ScheduleDetailsFragment | null;
  onSaved(name: string): void;
  onClose(): void;
}

export function ScheduleForm({ project, schedule, onSaved, onClose }: Props) {
  const client = useApolloClient();
  const { base, values, update, reset } = useDraft(schedule, draftOf);
  const { save, forget, loading, error } = useSaveSchedule(project, onSaved);
  const form = useFocusOnError(error);
  const errors = formErrorsOf(error, ['name', 'displayName', 'schedule', 'timeZone', 'session']);
  const isConflict = base !== null && hasCode(error, 'CONFLICT');
  const read = async () => {
    const variables = { project, name: values.name };
    const { data } = await client.query({
      query: ScheduleDocument,
      variables,
      fetchPolicy: 'network-only',
    });
    return data?.scheduledSession;
  };
  return (
    <Form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!loading) void save(values, base);
      }}
    >
      <p>{schedules.form.ownerHint}</p>
      {schedule === null && (
        <Field
          label={text.name}
          hint={text.nameHint}
          value={values.name}
          onChange={(name) => update({ name })}
          error={errors.at('name')}
          autoComplete="off"
          isRequired
          autoFocus
        />
      )}
      <Field
        label={text.displayName}
        value={values.displayName}
        onChange={(displayName) => update({ displayName })}
        error={errors.at('displayName')}
      />
      <TimeFields values={values} update={update} errors={errors} />
      {schedule === null && (
        <Checkbox
          label={text.suspended}
          isSelected={values.suspended}
          onChange={(suspended) => update({ suspended })}
        />
      )}
      <h3>{text.session}</h3>
      <TemplateFields values={values} update={update} errors={errors} />
      {base && (
        <ConflictNotice<ScheduleDetailsFragment>
          error={error}
          base={base}
          read={read}
          labels={{
            displayName: text.displayName,
            schedule: text.schedule,
            timeZone: text.timeZone,
            concurrencyPolicy: text.concurrency,
            sessionTemplate: text.session,
          }}
          onOverwrite={(current) => void save(values, current)}
          onDiscard={(current) => {
            forget();
            reset(current);
          }}
        />
      )}
      {!isConflict && <ErrorNotice error={errors.rest} />}
      <DialogActions
        submit={schedule ? schedules.form.submitEdit : schedules.form.submitCreate}
        isPending={loading}
        onCancel={onClose}
      />
    </Form>
  );
}

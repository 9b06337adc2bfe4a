import { useApolloClient } from '@apollo/client/react';
import { useDraft } from '../app/use-draft.ts';
import { Checkbox } from '../components/checkbox.tsx';
import { ConflictNotice } from '../components/conflict-notice.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { type ScheduleDetailsFragment, ScheduleDocument } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import { comparedFieldsOf, draftOf } from './schedule-draft.ts';
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
  const { base, values, isChanged, update, reset } = useDraft(schedule, draftOf);
  const saving = useSaveSchedule(project, base, onSaved);
  const { errors } = saving;
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
    <MutationForm
      of={saving}
      onSubmit={() => saving.save(values)}
      isChanged={isChanged}
      notice={
        <ConflictNotice
          of={saving}
          base={base}
          read={read}
          fieldsOf={comparedFieldsOf}
          onOverwrite={(current) => saving.save(values, current)}
          onDiscard={(current) => {
            saving.reset();
            reset(current);
          }}
        />
      }
      actions={
        <DialogActions
          submit={schedule ? schedules.form.submitEdit : schedules.form.submitCreate}
          isPending={saving.isPending}
          onCancel={onClose}
        />
      }
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
      <TemplateFields
        project={project}
        values={values.session}
        update={(changes) => update({ session: { ...values.session, ...changes } })}
        at={(path) => errors.at(`session.${path}`)}
      />
    </MutationForm>
  );
}

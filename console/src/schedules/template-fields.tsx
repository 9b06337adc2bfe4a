import { useQuery } from '@apollo/client/react';
import type { FormErrors } from '../apollo/form-errors.ts';
import { Checkbox } from '../components/checkbox.tsx';
import { Field } from '../components/field.tsx';
import { RowsField } from '../components/rows-field.tsx';
import { Select } from '../components/select.tsx';
import { RunnerTypesDocument } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import type { ScheduleDraft } from './schedule-draft.ts';

const text = schedules.fields;

interface TemplateFieldsProps {
  values: ScheduleDraft;
  update(changes: Partial<ScheduleDraft>): void;
  errors: FormErrors;
}

/** What the sessions of a schedule have in common. */
export function TemplateFields({ values, update, errors }: TemplateFieldsProps) {
  const wholeNumber = (value: string) => (/^\s*\d*\s*$/.test(value) ? null : text.number);
  return (
    <>
      <Field
        label={text.sessionName}
        value={values.sessionDisplayName}
        onChange={(sessionDisplayName) => update({ sessionDisplayName })}
        error={errors.at('session.displayName')}
      />
      <Field
        label={text.prompt}
        hint={text.promptHint}
        rows={5}
        value={values.initialPrompt}
        onChange={(initialPrompt) => update({ initialPrompt })}
        error={errors.at('session.initialPrompt')}
      />
      <RunnerFields values={values} update={update} errors={errors} />
      <RowsField
        label={text.repos}
        items={values.repos}
        onChange={(repos) => update({ repos })}
        empty={{ url: '', branch: '', autoPush: false }}
        rowLabel={text.repo}
        addLabel={text.addRepo}
        removeLabel={text.removeRepo}
        error={errors.at('session.repos')}
      >
        {(repo, change) => (
          <>
            <Field label={text.url} value={repo.url} onChange={(url) => change({ url })} isRequired />
            <Field label={text.branch} value={repo.branch} onChange={(branch) => change({ branch })} />
            <Checkbox
              label={text.autoPush}
              isSelected={repo.autoPush}
              onChange={(autoPush) => change({ autoPush })}
            />
          </>
        )}
      </RowsField>
      <RowsField
        label={text.variables}
        hint={text.variablesHint}
        items={values.environmentVariables}
        onChange={(environmentVariables) => update({ environmentVariables })}
        empty={{ key: '', value: '' }}
        rowLabel={text.variable}
        addLabel={text.addVariable}
        removeLabel={text.removeVariable}
        error={errors.at('session.environmentVariables')}
      >
        {(variable, change) => (
          <>
            <Field label={text.key} value={variable.key} onChange={(key) => change({ key })} isRequired />
            <Field label={text.value} value={variable.value} onChange={(value) => change({ value })} />
          </>
        )}
      </RowsField>
      <Field
        label={text.timeout}
        inputMode="numeric"
        validate={wholeNumber}
        value={values.timeoutSeconds}
        onChange={(timeoutSeconds) => update({ timeoutSeconds })}
        error={errors.at('session.timeoutSeconds')}
      />
      <Field
        label={text.inactivity}
        hint={text.inactivityHint}
        inputMode="numeric"
        validate={wholeNumber}
        value={values.inactivityTimeoutSeconds}
        onChange={(inactivityTimeoutSeconds) => update({ inactivityTimeoutSeconds })}
        error={errors.at('session.inactivityTimeoutSeconds')}
      />
      <Checkbox
        label={text.stopOnRunFinished}
        isSelected={values.stopOnRunFinished}
        onChange={(stopOnRunFinished) => update({ stopOnRunFinished })}
      />
    </>
  );
}

function RunnerFields({ values, update, errors }: TemplateFieldsProps) {
  const { data } = useQuery(RunnerTypesDocument);
  const types = data?.runnerTypes ?? [];
  const chosen = types.find(({ name, isDefault }) =>
    values.runnerType === '' ? isDefault : name === values.runnerType,
  );
  const typeOptions = [
    { id: '', label: text.defaultRunner },
    ...types.map(({ name, displayName }) => ({ id: name, label: displayName })),
  ];
  const modelOptions = [
    { id: '', label: text.defaultModel },
    ...(chosen?.models.map((model) => ({ id: model, label: model })) ?? []),
  ];
  return (
    <>
      <Select
        label={text.runnerType}
        options={typeOptions}
        value={values.runnerType}
        onChange={(runnerType) => update({ runnerType, model: '' })}
        error={errors.at('session.runnerType')}
      />
      <Select
        label={text.model}
        options={modelOptions}
        value={values.model}
        onChange={(model) => update({ model })}
        error={errors.at('session.llmSettings.model')}
      />
    </>
  );
}

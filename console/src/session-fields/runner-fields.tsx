import { useQuery } from '@apollo/client/react';
import { ErrorNotice } from '../components/error-notice.tsx';
import '../components/form-columns.css';
import { Select } from '../components/select.tsx';
import { RunnerTypesDocument } from '../generated/graphql.ts';
import { sessionFields as text } from '../text/session-fields.ts';
import type { SessionFieldsProps } from './session-values.ts';

/** The runner type, and one of its models. */
export function RunnerFields({ values, update, at }: SessionFieldsProps) {
  const { data, error, refetch } = useQuery(RunnerTypesDocument);
  const types = data?.runnerTypes ?? [];
  const standard = types.find(({ isDefault }) => isDefault);
  const type = values.runnerType === '' ? standard : types.find(({ name }) => name === values.runnerType);
  return (
    <>
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      <div className="form-columns">
        <Select
          label={text.runner}
          options={withChosen(values.runnerType, [
            { id: '', label: text.defaultRunner(standard?.displayName) },
            ...types.map(({ name, displayName, provider }) => ({
              id: name,
              label: displayName,
              description: provider,
            })),
          ])}
          value={values.runnerType}
          onChange={(runnerType) => update({ runnerType, model: '' })}
          error={at('runnerType')}
        />
        <Select
          label={text.model}
          options={withChosen(values.model, [
            { id: '', label: text.defaultModel(type?.defaultModel) },
            ...(type?.models ?? []).map((model) => ({ id: model, label: model })),
          ])}
          value={values.model}
          onChange={(model) => update({ model })}
          error={at('llmSettings.model')}
        />
      </div>
    </>
  );
}

/** What was stored may not be offered any more. */
function withChosen<Option extends { id: string; label: string }>(id: string, options: Option[]) {
  return options.some((option) => option.id === id) ? options : [...options, { id, label: id }];
}

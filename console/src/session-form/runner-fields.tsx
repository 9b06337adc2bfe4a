import { useQuery } from '@apollo/client/react';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Select } from '../components/select.tsx';
import { RunnerTypesDocument } from '../generated/graphql.ts';
import { sessionForm as text } from '../text/session-form.ts';
import type { FormProps } from './session-draft.ts';

/** The runner type, and one of its models. */
export function RunnerFields({ draft, onChange, errorOf }: FormProps) {
  const { data, error, loading } = useQuery(RunnerTypesDocument);
  const types = data?.runnerTypes ?? [];
  const type = types.find(({ name, isDefault }) =>
    draft.runnerType === undefined ? isDefault : name === draft.runnerType,
  );
  return (
    <>
      <ErrorNotice error={error} />
      <div className="form-columns">
        <Select
          label={text.runner}
          options={types.map(({ name, displayName, provider, isDefault }) => ({
            id: name,
            label: isDefault ? text.byDefault(displayName) : displayName,
            description: provider,
          }))}
          value={type?.name ?? null}
          onChange={(runnerType) => onChange({ runnerType, model: undefined })}
          error={errorOf('runnerType')}
          isDisabled={loading}
        />
        <Select
          label={text.model}
          options={(type?.models ?? []).map((model) => ({
            id: model,
            label: model === type?.defaultModel ? text.byDefault(model) : model,
          }))}
          value={draft.model ?? type?.defaultModel ?? null}
          onChange={(model) => onChange({ model })}
          error={errorOf('llmSettings.model')}
          isDisabled={loading}
        />
      </div>
    </>
  );
}

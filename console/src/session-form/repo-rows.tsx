import { Checkbox } from '../components/checkbox.tsx';
import { Field } from '../components/field.tsx';
import { RowsField } from '../components/rows-field.tsx';
import { sessionForm as text } from '../text/session-form.ts';
import type { FormProps } from './session-draft.ts';

export function RepoRows({ draft, onChange, errorOf }: FormProps) {
  return (
    <RowsField
      label={text.repos}
      rowLabel={text.repo}
      addLabel={text.addRepo}
      removeLabel={text.removeRepo}
      error={errorOf('repos')}
      items={draft.repos}
      empty={{ url: '', branch: '', autoPush: false }}
      onChange={(repos) => onChange({ repos })}
    >
      {({ url, branch, autoPush }, change, index) => (
        <>
          <Field
            label={text.url}
            value={url}
            onChange={(wanted) => change({ url: wanted })}
            error={errorOf(`repos.${index}.url`)}
            placeholder="https://github.com/example/storefront"
            inputMode="url"
            isRequired
          />
          <Field
            label={text.branch}
            value={branch}
            onChange={(wanted) => change({ branch: wanted })}
            error={errorOf(`repos.${index}.branch`)}
            placeholder="main"
          />
          <Checkbox
            label={text.autoPush}
            isSelected={autoPush}
            onChange={(wanted) => change({ autoPush: wanted })}
          />
        </>
      )}
    </RowsField>
  );
}

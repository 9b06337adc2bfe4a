import { Checkbox } from '../components/checkbox.tsx';
import { Field } from '../components/field.tsx';
import { RowsField } from '../components/rows-field.tsx';
import { sessionFields as text } from '../text/session-fields.ts';
import type { SessionFieldsProps } from './session-values.ts';

export function RepoRows({ values, update, at }: SessionFieldsProps) {
  return (
    <RowsField
      label={text.repos}
      rowLabel={text.repo}
      addLabel={text.addRepo}
      removeLabel={text.removeRepo}
      error={at('repos')}
      items={values.repos}
      empty={{ url: '', branch: '', autoPush: false }}
      onChange={(repos) => update({ repos })}
    >
      {({ url, branch, autoPush }, change, index) => (
        <>
          <Field
            label={text.url}
            value={url}
            onChange={(wanted) => change({ url: wanted })}
            error={at(`repos.${index}.url`)}
            placeholder="https://github.com/example/storefront"
            inputMode="url"
            isRequired
          />
          <Field
            label={text.branch}
            value={branch}
            onChange={(wanted) => change({ branch: wanted })}
            error={at(`repos.${index}.branch`)}
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

import { Checkbox } from '../components/checkbox.tsx';
import { Field } from '../components/field.tsx';
import { sessionForm as text } from '../text/session-form.ts';
import { Rows } from './rows.tsx';
import { type FormProps, rowOf } from './session-draft.ts';

export function RepoRows({ draft, onChange, errorOf }: FormProps) {
  return (
    <Rows
      title={text.repos}
      titleOf={text.repo}
      addLabel={text.addRepo}
      error={errorOf('repos')}
      rows={draft.repos}
      newRow={() => rowOf({ url: '', branch: '', autoPush: false })}
      onChange={(repos) => onChange({ repos })}
    >
      {({ url, branch, autoPush }, index, change) => (
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
    </Rows>
  );
}

import { Checkbox } from '../components/checkbox.tsx';
import { Field } from '../components/field.tsx';
import { RowsField } from '../components/rows-field.tsx';
import { sessionFields as text } from '../text/session-fields.ts';
import { OfferedRepos } from './offered-repos.tsx';
import type { SessionFieldsProps } from './session-values.ts';

/** The repositories of a session. Those of the project's settings are offered. */
export function RepoRows({ project, values, update, at }: SessionFieldsProps) {
  const { repos } = values;
  return (
    <RowsField
      label={text.repos}
      rowLabel={text.repo}
      addLabel={text.addRepo}
      removeLabel={text.removeRepo}
      error={at('repos')}
      items={repos}
      empty={{ url: '', branch: '', autoPush: false }}
      onChange={(changed) => update({ repos: changed })}
      more={
        <OfferedRepos project={project} repos={repos} onAdd={(repo) => update({ repos: [...repos, repo] })} />
      }
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

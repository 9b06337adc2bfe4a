import { Field } from '../components/field.tsx';
import { FoldedFields } from '../components/folded-fields.tsx';
import { MoreSessionFields } from '../session-fields/more-session-fields.tsx';
import { RepoRows } from '../session-fields/repo-rows.tsx';
import { RunnerFields } from '../session-fields/runner-fields.tsx';
import type { SessionFieldsProps } from '../session-fields/session-values.ts';
import { schedules } from '../text/schedules.ts';
import { sessionFields } from '../text/session-fields.ts';

const text = schedules.fields;

/** What the sessions of a schedule have in common. */
export function TemplateFields(props: SessionFieldsProps) {
  const { values, update, at } = props;
  return (
    <>
      <Field
        label={text.sessionName}
        value={values.displayName}
        onChange={(displayName) => update({ displayName })}
        error={at('displayName')}
      />
      <Field
        label={sessionFields.prompt}
        hint={sessionFields.promptHint}
        rows={5}
        value={values.initialPrompt}
        onChange={(initialPrompt) => update({ initialPrompt })}
        error={at('initialPrompt')}
      />
      <RunnerFields {...props} />
      <RepoRows {...props} />
      <FoldedFields summary={sessionFields.more}>
        <MoreSessionFields variablesHint={text.variablesHint} {...props} />
      </FoldedFields>
    </>
  );
}

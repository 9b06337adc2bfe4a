import { Field } from '../components/field.tsx';
import { sessionForm as text } from '../text/session-form.ts';
import { Rows } from './rows.tsx';
import { type FormProps, rowOf } from './session-draft.ts';

interface Props extends FormProps {
  field: 'environmentVariables' | 'labels';
}

const TEXTS = {
  environmentVariables: { title: text.variables, titleOf: text.variable, addLabel: text.addVariable },
  labels: { title: text.labels, titleOf: text.label, addLabel: text.addLabel },
};

export function PairRows({ field, draft, onChange, errorOf }: Props) {
  return (
    <Rows
      {...TEXTS[field]}
      error={errorOf(field)}
      rows={draft[field]}
      newRow={() => rowOf({ key: '', value: '' })}
      onChange={(rows) => onChange({ [field]: rows })}
    >
      {({ key, value }, index, change) => (
        <>
          <Field
            label={text.pairName}
            value={key}
            onChange={(wanted) => change({ key: wanted })}
            error={errorOf(`${field}.${index}.key`)}
            autoComplete="off"
            isRequired
          />
          <Field
            label={text.pairValue}
            value={value}
            onChange={(wanted) => change({ value: wanted })}
            error={errorOf(`${field}.${index}.value`)}
            autoComplete="off"
          />
        </>
      )}
    </Rows>
  );
}

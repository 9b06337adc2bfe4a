import { Field } from '../components/field.tsx';
import { RowsField } from '../components/rows-field.tsx';
import { sessionForm as text } from '../text/session-form.ts';
import type { FormProps } from './session-draft.ts';

interface Props extends FormProps {
  field: 'environmentVariables' | 'labels';
}

const TEXTS = {
  environmentVariables: {
    label: text.variables,
    rowLabel: text.variable,
    addLabel: text.addVariable,
    removeLabel: text.removeVariable,
  },
  labels: {
    label: text.labels,
    rowLabel: text.label,
    addLabel: text.addLabel,
    removeLabel: text.removeLabel,
  },
};

export function PairRows({ field, draft, onChange, errorOf }: Props) {
  return (
    <RowsField
      {...TEXTS[field]}
      error={errorOf(field)}
      items={draft[field]}
      empty={{ key: '', value: '' }}
      onChange={(rows) => onChange({ [field]: rows })}
    >
      {({ key, value }, change, index) => (
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
    </RowsField>
  );
}

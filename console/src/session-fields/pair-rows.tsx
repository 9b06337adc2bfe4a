import { Field } from '../components/field.tsx';
import { RowsField } from '../components/rows-field.tsx';
import { sessionFields as text } from '../text/session-fields.ts';
import type { SessionFieldsProps } from './session-values.ts';

interface PairRowsProps extends SessionFieldsProps {
  field: 'environmentVariables' | 'labels';
  hint?: string | undefined;
}

export function PairRows({ field, hint, values, update, at }: PairRowsProps) {
  return (
    <RowsField
      {...(field === 'labels' ? text.labels : text.variables)}
      {...(hint !== undefined && { hint })}
      error={at(field)}
      items={values[field]}
      empty={{ key: '', value: '' }}
      onChange={(rows) => update({ [field]: rows })}
    >
      {({ key, value }, change, index) => (
        <>
          <Field
            label={text.pairName}
            value={key}
            onChange={(wanted) => change({ key: wanted })}
            error={at(`${field}.${index}.key`)}
            autoComplete="off"
            isRequired
          />
          <Field
            label={text.pairValue}
            value={value}
            onChange={(wanted) => change({ value: wanted })}
            error={at(`${field}.${index}.value`)}
            autoComplete="off"
          />
        </>
      )}
    </RowsField>
  );
}

import type { FormErrors } from '../apollo/form-errors.ts';
import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { Select } from '../components/select.tsx';
import type { ConcurrencyPolicy } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import type { ScheduleDraft } from './schedule-draft.ts';

const text = schedules.fields;
const TIME_ZONES = ['Etc/UTC', ...Intl.supportedValuesOf('timeZone')];
const POLICIES = (['FORBID', 'ALLOW', 'REPLACE'] satisfies ConcurrencyPolicy[]).map((id) => ({
  id,
  label: schedules.policies[id],
}));

interface TimeFieldsProps {
  values: ScheduleDraft;
  update(changes: Partial<ScheduleDraft>): void;
  errors: FormErrors;
}

/** When a schedule creates sessions. */
export function TimeFields({ values, update, errors }: TimeFieldsProps) {
  return (
    <>
      <Field
        label={text.schedule}
        hint={text.scheduleHint}
        value={values.schedule}
        onChange={(schedule) => update({ schedule })}
        error={errors.at('schedule')}
        autoComplete="off"
        isRequired
      />
      <fieldset className="presets">
        <legend>{text.presets}</legend>
        {Object.entries(schedules.presets).map(([schedule, label]) => (
          <Button key={schedule} onPress={() => update({ schedule })}>
            {label}
          </Button>
        ))}
      </fieldset>
      <Field
        label={text.timeZone}
        value={values.timeZone}
        onChange={(timeZone) => update({ timeZone })}
        error={errors.at('timeZone')}
        suggestions={TIME_ZONES}
        autoComplete="off"
        isRequired
      />
      <Select<ConcurrencyPolicy>
        label={text.concurrency}
        options={POLICIES}
        value={values.concurrencyPolicy}
        onChange={(concurrencyPolicy) => update({ concurrencyPolicy })}
      />
    </>
  );
}

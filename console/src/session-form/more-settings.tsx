import { Checkbox } from '../components/checkbox.tsx';
import { Field } from '../components/field.tsx';
import { sessionForm as text } from '../text/session-form.ts';
import { PairRows } from './pair-rows.tsx';
import type { FormProps } from './session-draft.ts';

const DIGITS = '[0-9]+';
const DECIMAL = '[0-9]*\\.?[0-9]+';

/** What few sessions need. */
export function MoreSettings(props: FormProps) {
  const { draft, onChange, errorOf } = props;
  return (
    <>
      <Field
        label={text.name}
        hint={text.nameHint}
        value={draft.name}
        onChange={(name) => onChange({ name })}
        error={errorOf('name')}
        autoComplete="off"
      />
      <PairRows field="environmentVariables" {...props} />
      <div className="form-columns">
        <Field
          label={text.timeout}
          hint={text.timeoutHint}
          value={draft.timeoutSeconds}
          onChange={(timeoutSeconds) => onChange({ timeoutSeconds })}
          error={errorOf('timeoutSeconds')}
          inputMode="numeric"
          pattern={DIGITS}
        />
        <Field
          label={text.inactivityTimeout}
          hint={text.inactivityTimeoutHint}
          value={draft.inactivityTimeoutSeconds}
          onChange={(inactivityTimeoutSeconds) => onChange({ inactivityTimeoutSeconds })}
          error={errorOf('inactivityTimeoutSeconds')}
          inputMode="numeric"
          pattern={DIGITS}
        />
        <Field
          label={text.temperature}
          hint={text.temperatureHint}
          value={draft.temperature}
          onChange={(temperature) => onChange({ temperature })}
          error={errorOf('llmSettings.temperature')}
          inputMode="decimal"
          pattern={DECIMAL}
        />
        <Field
          label={text.maxTokens}
          value={draft.maxTokens}
          onChange={(maxTokens) => onChange({ maxTokens })}
          error={errorOf('llmSettings.maxTokens')}
          inputMode="numeric"
          pattern={DIGITS}
        />
      </div>
      <Field
        label={text.parentSession}
        hint={text.parentSessionHint}
        value={draft.parentSession}
        onChange={(parentSession) => onChange({ parentSession })}
        error={errorOf('parentSession')}
        autoComplete="off"
      />
      <PairRows field="labels" {...props} />
      <Checkbox
        label={text.stopOnRunFinished}
        hint={text.stopOnRunFinishedHint}
        isSelected={draft.stopOnRunFinished}
        onChange={(stopOnRunFinished) => onChange({ stopOnRunFinished })}
      />
    </>
  );
}

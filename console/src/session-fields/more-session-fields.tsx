import { Checkbox } from '../components/checkbox.tsx';
import '../components/form-columns.css';
import { NumberField } from '../components/number-field.tsx';
import { sessionFields as text } from '../text/session-fields.ts';
import { PairRows } from './pair-rows.tsx';
import type { SessionFieldsProps } from './session-values.ts';

/** What few sessions need. */
export function MoreSessionFields(props: SessionFieldsProps & { variablesHint?: string }) {
  const { values, update, at, variablesHint } = props;
  return (
    <>
      <PairRows field="environmentVariables" hint={variablesHint} {...props} />
      <div className="form-columns">
        <NumberField
          label={text.timeout}
          hint={text.timeoutHint}
          value={values.timeoutSeconds}
          onChange={(timeoutSeconds) => update({ timeoutSeconds })}
          error={at('timeoutSeconds')}
        />
        <NumberField
          label={text.inactivityTimeout}
          hint={text.inactivityTimeoutHint}
          value={values.inactivityTimeoutSeconds}
          onChange={(inactivityTimeoutSeconds) => update({ inactivityTimeoutSeconds })}
          error={at('inactivityTimeoutSeconds')}
        />
        <NumberField
          label={text.temperature}
          hint={text.temperatureHint}
          value={values.temperature}
          onChange={(temperature) => update({ temperature })}
          error={at('llmSettings.temperature')}
          isDecimal
        />
        <NumberField
          label={text.maxTokens}
          value={values.maxTokens}
          onChange={(maxTokens) => update({ maxTokens })}
          error={at('llmSettings.maxTokens')}
        />
      </div>
      <PairRows field="labels" {...props} />
      <Checkbox
        label={text.stopOnRunFinished}
        hint={text.stopOnRunFinishedHint}
        isSelected={values.stopOnRunFinished}
        onChange={(stopOnRunFinished) => update({ stopOnRunFinished })}
      />
    </>
  );
}

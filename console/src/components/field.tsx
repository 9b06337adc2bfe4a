import { useId } from 'react';
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from 'react-aria-components';
import { common } from '../text/common.ts';
import './field.css';

export interface FieldProps extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  label: string;
  hint?: string;
  /** What the server says of its value. */
  error?: string | undefined;
  /** The number of lines of a longer text. */
  rows?: number;
  placeholder?: string;
  /** Values that the browser offers. */
  suggestions?: readonly string[];
}

/** A text with its label, its hint, and what is wrong with it. */
export function Field({ label, hint, error, rows, placeholder, suggestions, ...props }: FieldProps) {
  const listId = useId();
  const shown = {
    ...(placeholder !== undefined && { placeholder }),
    ...(suggestions && { list: listId }),
  };
  return (
    <TextField
      {...props}
      className="field"
      // With false, React Aria would take every value for valid.
      {...(error !== undefined && { isInvalid: true })}
      // What the server has said does not keep the form from being sent again.
      validationBehavior={error === undefined ? 'native' : 'aria'}
    >
      <Label>
        {label}
        {!props.isRequired && !props.isReadOnly && <small> ({common.optional})</small>}
      </Label>
      {rows === undefined ? <Input {...shown} /> : <TextArea rows={rows} {...shown} />}
      {suggestions && (
        <datalist id={listId}>
          {suggestions.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">
        {({ validationErrors }) => error ?? validationErrors.join(' ')}
      </FieldError>
    </TextField>
  );
}

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

interface FieldProps extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  label: string;
  hint?: string;
  /** The number of lines of a longer text. */
  rows?: number;
}

/** A text with its label, its hint, and what is wrong with it. */
export function Field({ label, hint, rows, ...props }: FieldProps) {
  return (
    <TextField {...props} className="field">
      <Label>
        {label}
        {!props.isRequired && <small> ({common.optional})</small>}
      </Label>
      {rows === undefined ? <Input /> : <TextArea rows={rows} />}
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error" />
    </TextField>
  );
}

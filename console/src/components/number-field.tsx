import { common } from '../text/common.ts';
import { Field, type FieldProps } from './field.tsx';

interface NumberFieldProps extends Omit<FieldProps, 'inputMode' | 'validate' | 'pattern'> {
  /** It can have a fraction. */
  isDecimal?: boolean;
}

/** A number as its digits. Without any there is no number. */
export function NumberField({ isDecimal = false, ...props }: NumberFieldProps) {
  const form = isDecimal ? /^(\d*\.?\d+)?$/ : /^\d*$/;
  return (
    <Field
      {...props}
      inputMode={isDecimal ? 'decimal' : 'numeric'}
      validate={(text) =>
        form.test(text.trim()) ? null : isDecimal ? common.decimalNumber : common.wholeNumber
      }
    />
  );
}

/** What was typed into a `NumberField`. */
export function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

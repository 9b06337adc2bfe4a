import { type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { FormErrors } from '../apollo/form-errors.ts';
import { DialogInput } from './dialog-input.ts';
import { ErrorNotice } from './error-notice.tsx';

interface MutationFormProps {
  of: { isPending: boolean; error: unknown; errors: FormErrors };
  onSubmit(): void;
  /** Whether more than typed text would be lost with it, such as what was chosen and rows that were added. */
  isChanged?: boolean;
  /** Its fields. */
  children: ReactNode;
  /** Takes the place of what no field shows of the error. */
  notice?: ReactNode;
  /** Its buttons. */
  actions: ReactNode;
}

/** A form that a mutation stores. After an error the first field that was refused has the focus. */
export function MutationForm({
  of,
  onSubmit,
  isChanged = false,
  children,
  notice,
  actions,
}: MutationFormProps) {
  const { isPending, error, errors } = of;
  const form = useRef<HTMLFormElement>(null);
  const events = useTellDialog(isChanged, isPending);
  useEffect(() => {
    if (error !== undefined && form.current) focusOnInvalid(form.current);
  }, [error]);
  return (
    <Form
      {...events}
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending) onSubmit();
      }}
    >
      {children}
      {notice ?? <RestNotice errors={errors} />}
      {actions}
    </Form>
  );
}

/** Rendered after the fields, it knows what they have shown. */
export function RestNotice({ errors }: { errors: FormErrors }) {
  return <ErrorNotice error={errors.rest()} />;
}

/** What was typed or chosen would be lost with the dialog around the form, unless it was sent. */
function useTellDialog(isChanged: boolean, isPending: boolean) {
  const tellDialog = useContext(DialogInput);
  const [isTyped, setTyped] = useState(false);
  const hasInput = (isTyped || isChanged) && !isPending;
  useEffect(() => {
    tellDialog(hasInput);
    return () => tellDialog(false);
  }, [hasInput, tellDialog]);
  // The types of React Aria's form do not have this event.
  return { onInput: () => setTyped(true) };
}

/** It can be out of view. A screen reader says what is wrong with it. */
function focusOnInvalid(form: HTMLFormElement): void {
  for (const folded of form.querySelectorAll<HTMLDetailsElement>('details:has([data-invalid])'))
    folded.open = true;
  const invalid = form.querySelector('[data-invalid]');
  invalid?.querySelector<HTMLElement>('input, textarea, button:not([tabindex="-1"])')?.focus();
}

import { type ReactNode, useEffect, useRef } from 'react';
import { Form } from 'react-aria-components';
import type { FormErrors } from '../apollo/form-errors.ts';
import { ErrorNotice } from './error-notice.tsx';

interface MutationFormProps {
  of: { isPending: boolean; error: unknown; errors: FormErrors };
  className?: string;
  onSubmit(): void;
  /** Its fields. */
  children: ReactNode;
  /** Takes the place of what no field shows of the error. */
  notice?: ReactNode;
  /** Its buttons. */
  actions: ReactNode;
}

/** A form that a mutation stores. After an error the first field that was refused has the focus. */
export function MutationForm({ of, className, onSubmit, children, notice, actions }: MutationFormProps) {
  const { isPending, error, errors } = of;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error !== undefined && form.current) focusOnInvalid(form.current);
  }, [error]);
  return (
    <Form
      ref={form}
      className={className ?? ''}
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

/** It can be out of view. A screen reader says what is wrong with it. */
function focusOnInvalid(form: HTMLFormElement): void {
  for (const folded of form.querySelectorAll<HTMLDetailsElement>('details:has([data-invalid])'))
    folded.open = true;
  const invalid = form.querySelector('[data-invalid]');
  invalid?.querySelector<HTMLElement>('input, textarea, button:not([tabindex="-1"])')?.focus();
}

import { type ReactNode, useMemo, useRef } from 'react';
import { Form as AriaForm } from 'react-aria-components';
import { inputErrorsOf } from '../apollo/errors.ts';
import { ErrorNotice } from './error-notice.tsx';

interface FormProps {
  /** What the mutation has failed with. */
  error?: unknown;
  onSubmit(): void;
  /** Fields, each with the path that it has in the mutation's input as its `name`. */
  children: ReactNode;
  /** Below the fields. */
  actions: ReactNode;
}

/** Shows errors at the fields that they are about, until these are changed, and all others below. */
export function Form({ error, onSubmit, children, actions }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const inputErrors = useMemo(() => Object.fromEntries(inputErrorsOf(error)), [error]);
  const paths = Object.keys(inputErrors);
  const areShown = paths.length > 0 && paths.every((path) => form.current?.elements.namedItem(path));
  return (
    <AriaForm
      ref={form}
      className="form"
      validationErrors={inputErrors}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      {!areShown && <ErrorNotice error={error} />}
      <div className="dialog-actions">{actions}</div>
    </AriaForm>
  );
}

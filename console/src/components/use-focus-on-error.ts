import { type RefObject, useEffect, useRef } from 'react';

/** Moves the focus to the first field of a form that the server has refused. It can be out of view. */
export function useFocusOnError(error: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (error === undefined) return;
    const invalid = form.current?.querySelector('[data-invalid]');
    invalid?.querySelector<HTMLElement>('input, textarea, button:not([tabindex="-1"])')?.focus();
  }, [error]);
  return form;
}

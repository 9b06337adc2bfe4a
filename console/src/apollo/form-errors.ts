import { fieldErrorsOf, type Problem, problemsOf } from './errors.ts';

export interface FormErrors {
  /** What is wrong with a field of the input, or with what is below it. */
  at(path: string): string | undefined;
  /** What no field shows. */
  rest: Problem[];
}

/** What a mutation says of its argument `input`. */
export function formErrorsOf(error: unknown, shown: readonly string[]): FormErrors {
  const invalid = [...fieldErrorsOf(error)].map(
    ([path, message]) => [path.replace(/^input\./, ''), message] as const,
  );
  const isAt = (path: string, field: string) => path === field || path.startsWith(`${field}.`);
  const isShown = invalid.length > 0 && invalid.every(([path]) => shown.some((field) => isAt(path, field)));
  return {
    at(field) {
      const messages = invalid.filter(([path]) => isAt(path, field)).map(([, message]) => message);
      return messages.length > 0 ? messages.join(' ') : undefined;
    },
    rest: isShown ? [] : problemsOf(error),
  };
}

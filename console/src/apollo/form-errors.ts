import { type Problem, problemsOf } from './errors.ts';

interface FieldProblem {
  path: string;
  message: string;
}

export interface FormErrors {
  /** What is wrong with this very field of the input, such as `repos.0.url`. Who asks shows it. */
  at(path: string): string | undefined;
  /** What nobody has asked for so far. It is to be read after the fields were rendered. */
  rest(): Problem[];
}

/** What a mutation says of its argument `input`. */
export function formErrorsOf(error: unknown): FormErrors {
  const shown = new Set<string>();
  const problems = problemsOf(error);
  return {
    at(field) {
      const path = `input.${field}`;
      shown.add(path);
      const messages = problems.flatMap(fieldsOf).filter((found) => found.path === path);
      return messages.length > 0 ? messages.map(({ message }) => message).join(' ') : undefined;
    },
    rest: () =>
      problems.flatMap((problem) => {
        const fields = fieldsOf(problem);
        const left = fields.filter(({ path }) => !shown.has(path));
        if (left.length === fields.length) return problem;
        return left.length === 0 ? [] : { ...problem, message: left.map(asText).join('; ') };
      }),
  };
}

function fieldsOf({ extensions }: Problem): FieldProblem[] {
  return (extensions.fields as FieldProblem[] | undefined) ?? [];
}

function asText({ path, message }: FieldProblem): string {
  return `${path}: ${message}`;
}

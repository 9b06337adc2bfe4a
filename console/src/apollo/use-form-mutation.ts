import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useMutation } from '@apollo/client/react';
import { useMemo } from 'react';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { type FormErrors, formErrorsOf } from './form-errors.ts';

type Options<Data, Variables extends OperationVariables> = Pick<
  useMutation.Options<Data, Variables>,
  'fetchPolicy' | 'refetchQueries' | 'update'
> & {
  /** It has succeeded, and its form is still there. */
  onDone?(data: Data): void;
};

export interface FormMutation<Data, Variables> {
  /** Does nothing while an earlier one is in progress. Whether it has succeeded, even if the form has gone meanwhile. */
  submit(variables: Variables): Promise<boolean>;
  /** Forgets how the last one has ended. */
  reset(): void;
  data: Data | null | undefined;
  isPending: boolean;
  error: unknown;
  errors: FormErrors;
}

/**
 * The mutation of a form, for its `MutationForm`. It belongs to the component that appears and disappears with the form: Apollo
 * Client would tell of its end even after that, when another form may be open.
 */
export function useFormMutation<Data, Variables extends OperationVariables>(
  mutation: TypedDocumentNode<Data, Variables>,
  { onDone, ...options }: Options<Data, Variables> = {},
): FormMutation<Data, Variables> {
  const isMounted = useIsMounted();
  const [mutate, { data, loading: isPending, error, reset }] = useMutation(mutation, {
    ...options,
    onCompleted: (answer: Data) => {
      if (isMounted.current) onDone?.(answer);
    },
  });
  const errors = useMemo(() => formErrorsOf(error), [error]);
  const submit = async (variables: Variables) => {
    if (isPending) return false;
    return mutate({ variables }).then(
      () => true,
      () => false,
    );
  };
  return { submit, reset, data, isPending, error, errors };
}

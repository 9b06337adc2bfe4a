import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';

/** What the caller may do on a page; nothing until that was read. Rights can change while the page is open. */
export function useRights<Rights, Variables extends OperationVariables>(
  document: TypedDocumentNode<{ viewer: Rights }, Variables>,
  variables: NoInfer<Variables>,
): Partial<Rights> {
  const { data } = useQuery(document as TypedDocumentNode<{ viewer: Rights }, OperationVariables>, {
    variables: variables as OperationVariables,
    ...READ_WHEN_OPENED,
  });
  return (data as { viewer: Rights } | undefined)?.viewer ?? {};
}

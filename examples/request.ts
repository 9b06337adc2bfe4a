import type { TypedDocumentString } from './generated/graphql.ts';

/** Sends an operation and returns its data. Throws an Error with the codes of the response's errors. */
export async function request<Data, Variables>(
  url: string,
  token: string,
  operation: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
    },
    body: JSON.stringify({ query: operation.toString(), variables }),
    signal: AbortSignal.timeout(30_000),
  });
  const { data, errors } = (await response.json()) as {
    data?: Data;
    errors?: { message: string; extensions: { code: string } }[];
  };
  if (errors?.length || data == null) {
    throw new Error(
      errors?.map(({ message, extensions }) => `${extensions.code}: ${message}`).join('\n') ?? 'no data',
    );
  }
  return data;
}

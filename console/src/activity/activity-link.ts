import { ApolloLink } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { finalize, tap } from 'rxjs';
import type { UpstreamCall } from '../../../src/kubernetes/call-trace.ts';
import { problemsOf } from '../apollo/errors.ts';
import type { ActivityLog, Found, OperationKind, Receipt } from './activity-log.ts';

/** Records each operation with what its results and errors tell of the calls to the cluster. */
export function createActivityLink(log: ActivityLog, username: () => string | undefined): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const id = log.begin(operation.operationName ?? '', operation.operationType as OperationKind, username());
    return forward(operation).pipe(
      tap({
        next: (result) => log.add(id, inResult(result)),
        error: (error: unknown) => log.add(id, inError(error)),
      }),
      finalize(() => log.end(id)),
    );
  });
}

function inResult(result: ApolloLink.Result): Found {
  const errors = problemsOf(result.errors && new CombinedGraphQLErrors(result, result.errors));
  const payloads = Object.values(result.data ?? {}) as ({ receipt?: Receipt | null } | null)[];
  return {
    ...inExtensions(result.extensions),
    errors,
    receipts: [
      ...payloads.flatMap((payload) => payload?.receipt ?? []),
      ...errors.flatMap(({ extensions }) => (extensions.receipt as Receipt | undefined) ?? []),
    ],
  };
}

function inError(error: unknown): Found {
  if (!CombinedGraphQLErrors.is(error)) {
    return { errors: problemsOf(error), receipts: [], calls: [], omittedCalls: 0 };
  }
  const { errors, data = null, extensions } = error;
  // Over a WebSocket the list is in the first error.
  const calls = extensions ?? (errors[0]?.extensions as ApolloLink.Result['extensions']);
  return inResult({ errors, data, ...(calls && { extensions: calls }) });
}

function inExtensions(extensions: ApolloLink.Result['extensions']): Pick<Found, 'calls' | 'omittedCalls'> {
  const upstream: unknown = extensions?.upstream;
  if (!Array.isArray(upstream)) return { calls: [], omittedCalls: 0 };
  const listed = upstream as (UpstreamCall | { omitted: number })[];
  return {
    calls: listed.filter((call) => 'auditId' in call),
    omittedCalls: listed.reduce((sum, call) => sum + ('omitted' in call ? call.omitted : 0), 0),
  };
}

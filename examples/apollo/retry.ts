import { ApolloLink } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { RetryLink } from '@apollo/client/link/retry';
import { OperationTypeNode } from 'graphql';
import { map } from 'rxjs';
import { hasCode } from './errors.ts';

const MAX_ATTEMPTS = 4;

/** Sends an operation again if it was not executed, or if it is a query. */
export function createRetryLink(): ApolloLink {
  return ApolloLink.from([
    new RetryLink({
      attempts: (count, operation, error) => count < MAX_ATTEMPTS && isRetryable(operation, error),
      delay: (count, _operation, error) => {
        const seconds = retryAfterSeconds(error) ?? 0.3 * 2 ** count;
        // Not all clients at the same time.
        return seconds * 1_000 * (1 + Math.random() / 2);
      },
    }),
    // RetryLink sees thrown errors alone, and not those of a response.
    new ApolloLink((operation, forward) =>
      forward(operation).pipe(
        map((result) => {
          if (result.data !== undefined || !result.errors) return result;
          const error = new CombinedGraphQLErrors(result, result.errors);
          if (isRetryable(operation, error)) throw error;
          return result;
        }),
      ),
    ),
  ]);
}

/** Of an operation without data. A mutation that may have taken effect is not one that can be sent again. */
function isRetryable({ operationType }: ApolloLink.Operation, error: unknown): boolean {
  if (hasCode(error, 'TOO_MANY_REQUESTS')) return true;
  if (operationType !== OperationTypeNode.QUERY) return false;
  if (CombinedGraphQLErrors.is(error)) return hasCode(error, 'UNAVAILABLE') || hasCode(error, 'TIMEOUT');
  // The connection was lost, or a proxy has answered.
  return !ServerError.is(error) || error.statusCode >= 500;
}

function retryAfterSeconds(error: unknown): number | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const [seconds] = error.errors.map(({ extensions }) => extensions?.retryAfterSeconds);
  return typeof seconds === 'number' ? seconds : undefined;
}

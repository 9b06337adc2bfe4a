import { ApolloLink } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { tap } from 'rxjs';
import type { Connection } from './connection.ts';
import { hasCode } from './errors.ts';

/** Tells of the requests that Writ has refused for their number. It comes after the link that sends them again. */
export function createBusyLink(connection: Connection): ApolloLink {
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap((result) => {
        const error = result.errors && new CombinedGraphQLErrors(result, result.errors);
        const seconds = result.errors?.[0]?.extensions?.retryAfterSeconds;
        if (hasCode(error, 'TOO_MANY_REQUESTS') && typeof seconds === 'number') connection.busy(seconds);
        else connection.answered();
      }),
    ),
  );
}

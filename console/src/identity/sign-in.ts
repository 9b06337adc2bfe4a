import type { ApolloClient } from '@apollo/client';
import type { PageConfig } from '../../../src/http/console/page-config.ts';
import type { ActivityLog } from '../activity/activity-log.ts';
import { createClient } from '../apollo/client.ts';
import type { Connection } from '../apollo/connection.ts';
import { CONSOLE_URL } from '../app/location.ts';
import { ViewerDocument } from '../generated/graphql.ts';

/** Somebody with a client of their own. The token is in this closure and nowhere else. */
export interface Caller {
  username: string;
  client: ApolloClient;
  connection: Connection;
  /** Takes the place of a token that has expired. */
  renew(token: string): void;
  close(): void;
}

interface SignInOptions {
  config: PageConfig;
  activity: ActivityLog;
  /** Undefined: a proxy adds it. */
  token: string | undefined;
  /** Known in the sandbox; else the cluster is asked. */
  username?: string;
  /** Resolves when a token that the cluster has refused was replaced by `renew`. */
  askAgain(): Promise<void>;
}

/** Rejects if the cluster does not accept the token. */
export async function signIn({ config, activity, username, ...options }: SignInOptions): Promise<Caller> {
  let { token } = options;
  let signedInAs = username;
  let isClosed = false;
  /** Whether the cluster has refused the token, and no other was given since. */
  let isRefused = false;
  // Not before it is known whose token it is; and nobody can give another one for those of a sandbox or proxy.
  const mayRenew = () => signedInAs !== undefined && config.identity.kind === 'token';
  const {
    client,
    connection,
    close: closeClient,
  } = createClient({
    endpoint: new URL(config.endpoint, CONSOLE_URL),
    tokenHeader: config.tokenHeader,
    activity,
    username: () => signedInAs,
    mayRenew,
    async getToken(refused) {
      // Another one may have been given since that one was sent.
      if (mayRenew() && refused !== undefined && refused === token) isRefused = true;
      if (isRefused && !isClosed) await options.askAgain();
      // What somebody has begun is not sent after another person has taken over.
      return isClosed ? new Promise<never>(() => {}) : token;
    },
  });
  const close = () => {
    isClosed = true;
    closeClient();
  };
  const renew = (given: string) => {
    token = given;
    isRefused = false;
  };
  if (username !== undefined) return { username, client, connection, renew, close };
  try {
    const { data } = await client.query({ query: ViewerDocument, errorPolicy: 'none' });
    if (!data) throw new Error('Writ has not said whose token it is');
    signedInAs = data.viewer.username;
    return { username: signedInAs, client, connection, renew, close };
  } catch (error) {
    close();
    throw error;
  }
}

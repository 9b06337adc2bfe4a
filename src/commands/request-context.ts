import type { Authorize } from '../authorization/authorize.ts';
import { RequestReviews } from '../authorization/request-reviews.ts';
import type { ReviewCache } from '../authorization/review-cache.ts';
import type { Config } from '../config/config.ts';
import type { Context } from '../graphql/context.ts';
import { createLoaders } from '../graphql/loaders.ts';
import type { ServerContext } from '../http/request-state.ts';
import { readToken } from '../http/request-token.ts';
import { createRequestScope } from '../kubernetes/scope.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import { UserCluster } from '../kubernetes/user-cluster.ts';

export interface ContextDependencies {
  config: Config;
  /** The users' connections to the cluster. They hold no credentials. */
  transport: ClusterTransport;
  reviews: ReviewCache;
  authorize: Authorize;
}

/**
 * Builds a request's context: the token from its header, whose token the cluster says that is, and the cluster as that
 * user. Errors: UNAUTHENTICATED, and those of the call that asks the cluster. There is no other identity.
 */
export function createContextFactory({ config, transport, reviews, authorize }: ContextDependencies) {
  const { api, cluster, limits, runners } = config;

  return async ({ req, requestId, signal, state }: ServerContext): Promise<Context> => {
    const token = readToken(req, api.tokenHeader);
    const scope = createRequestScope(requestId, signal, limits.requestTimeoutMs);
    const user = new UserCluster(transport, token, scope, () => reviews.forget(transport.server, token));
    const subject = await reviews.subject(user);
    state.username = subject.username;
    const requestReviews = new RequestReviews(reviews, user);

    return {
      user,
      reader: user,
      subject,
      reviews: requestReviews,
      authorize,
      loaders: createLoaders(user, limits.scannedObjects),
      refresh(this: Context) {
        requestReviews.clear();
        this.loaders = createLoaders(user, limits.scannedObjects);
      },
      runners,
      scanLimit: limits.scannedObjects,
      originPolicyInForce: cluster.originPolicyInForce,
    };
  };
}

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

interface ContextDependencies {
  config: Config;
  /** The connections for users' calls, without credentials of their own. */
  transport: ClusterTransport;
  reviews: ReviewCache;
  authorize: Authorize;
}

/**
 * Creates the context of a request: it reads the token from its header, asks the cluster whose token it is, and gives
 * access to the cluster as that user. The context has no other identity. Errors: UNAUTHENTICATED, and those of the call
 * to the cluster.
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

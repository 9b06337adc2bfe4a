import pLimit from 'p-limit';
import type { Authorize } from './authorization/authorize.ts';
import type { ReadReviews } from './authorization/read-reviews.ts';
import type { Context } from './graphql/context.ts';
import { createLoaders } from './graphql/loaders.ts';
import { createRequestScope } from './kubernetes/scope.ts';
import type { ClusterTransport } from './kubernetes/transport.ts';
import { UserCluster } from './kubernetes/user-cluster.ts';
import type { ServerContext } from './plugins/exchange.ts';
import { readToken, type TokenSource } from './request-token.ts';
import type { RunnerMode, RunTemplate } from './sessions/run/run-template.ts';

export interface ContextDependencies {
  tokenSource: TokenSource;
  /** The way to the cluster for users: it holds no credentials. */
  transport: ClusterTransport;
  reviews: ReadReviews;
  authorize: Authorize;
  runTemplate: RunTemplate;
  runnerMode: RunnerMode;
  scanLimit: number;
  originPolicyInForce: boolean;
  requestTimeoutMs: number;
}

/** Reviews for display that one request has under way at once: they share the way to the cluster with all others. */
const PARALLEL_REVIEWS = 8;

/** One request's context: the token of its header, who the cluster says that is, and the cluster as that user. */
export type CreateContext = (server: ServerContext) => Promise<Context>;

/** Errors: UNAUTHENTICATED, and whatever keeps the cluster from saying who it is. There is no other identity. */
export function createContextFactory(deps: ContextDependencies): CreateContext {
  const { transport, reviews, authorize, runTemplate, runnerMode, scanLimit, originPolicyInForce } = deps;

  return async ({ req, requestId, signal, exchange }) => {
    const token = readToken(req, deps.tokenSource);
    const scope = createRequestScope(requestId, signal, deps.requestTimeoutMs);
    const user = new UserCluster(transport, token, scope, () => reviews.forget(token));
    const subject = await reviews.subject(user);
    exchange.username = subject.username;
    const parallel = pLimit(PARALLEL_REVIEWS);
    const underWay = new Map<string, ReturnType<Context['can']>>();

    return {
      user,
      subject,
      can(attributes) {
        const key = JSON.stringify(attributes);
        const review = underWay.get(key) ?? parallel(() => reviews.access(user, attributes));
        underWay.set(key, review);
        return review;
      },
      authorize,
      loaders: createLoaders(user, scanLimit),
      refreshLoaders(this: Context) {
        underWay.clear();
        this.loaders = createLoaders(user, scanLimit);
      },
      runTemplate,
      runnerMode,
      scanLimit,
      originPolicyInForce,
    };
  };
}

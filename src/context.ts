import pLimit from 'p-limit';
import type { Authorize } from './authorization/authorize.ts';
import type { ReadReviews } from './authorization/read-reviews.ts';
import { isAllowedBy } from './authorization/rules-review.ts';
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
    const underWay = new Map<string, Promise<unknown>>();

    function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
      const asked = (underWay.get(key) as Promise<T> | undefined) ?? parallel(ask);
      underWay.set(key, asked);
      return asked;
    }
    const can: Context['can'] = (attributes) =>
      once(JSON.stringify(attributes), () => reviews.access(user, attributes));

    return {
      user,
      subject,
      can,
      async canOneOfMany(attributes) {
        const { name: _, ...ofAll } = attributes;
        const review = await can(ofAll);
        if (review.allowed) return review;
        const { namespace } = attributes;
        const rules = await once(`rules/${namespace}`, () => reviews.rules(user, namespace));
        if (rules.incomplete) return can(attributes);
        return { allowed: isAllowedBy(rules, attributes), reason: null };
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

import type { Authenticator } from '../authorization/authenticator.ts';
import type { Authorize } from '../authorization/authorize.ts';
import type { ScheduleAuthority } from '../authorization/authorize-owner.ts';
import { RequestReviews } from '../authorization/request-reviews.ts';
import type { ReviewCache } from '../authorization/review-cache.ts';
import type { CpuShares } from '../budgets/cpu-shares.ts';
import type { FairScheduler } from '../budgets/fair-scheduler.ts';
import type { MemoryBudget } from '../budgets/memory-budget.ts';
import { RequestBudget } from '../budgets/request-budget.ts';
import { userKeyOf } from '../budgets/user-key.ts';
import type { Config } from '../config/config.ts';
import type { Context, EventContext } from '../graphql/context.ts';
import { createLoaders } from '../graphql/loaders.ts';
import { CursorCodec } from '../graphql/relay/cursor.ts';
import type { ServerContext } from '../http/request-state.ts';
import { readToken } from '../http/request-token.ts';
import type { Keys } from '../keys/shared-keys.ts';
import type { CallObserver } from '../kubernetes/call-observer.ts';
import type { OnWrite } from '../kubernetes/observed-write.ts';
import { callIds, createRequestScope, type OnReview } from '../kubernetes/scope.ts';
import { ServedResources } from '../kubernetes/served-resources.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import { UserCluster } from '../kubernetes/user-cluster.ts';
import type { Hub } from '../live/hub.ts';
import { CallerReader } from '../mirror/caller-reader.ts';
import type { Consistency, Mirrors } from '../mirror/mirrors.ts';
import type { Runners } from '../model/run-template.ts';
import type { EventTrace } from '../telemetry/tracing/tracing.ts';
import type { NewDeveloperTrace } from './developer-trace.ts';

interface ContextDependencies {
  config: Config;
  /** Its template can change at any time. */
  runners: Runners;
  /** The connections for users' calls, without credentials of their own. */
  transport: ClusterTransport;
  authenticator: Authenticator;
  reviews: ReviewCache;
  authorize: Authorize;
  schedules: ScheduleAuthority;
  memory: MemoryBudget;
  cpu: CpuShares;
  keys: Keys;
  /** The turns of users' requests. */
  requests: FairScheduler;
  hub: Pick<Hub, 'subscribe' | 'followLogs'>;
  mirrors: Mirrors;
  /** Told of each review of the caller's rights. */
  onReview?: OnReview | undefined;
  /** Absent: operations have no trace. */
  newDeveloperTrace?: NewDeveloperTrace | undefined;
}

/** About what a request takes of the thread besides what is measured, in ms: reading, responding, logging. */
const REQUEST_MS = 1;

/** Of one operation: a webhook can send as many as it wants. */
const MAX_WARNINGS = 20;

/**
 * Creates the context of a request: it reads the token from its header or its connection, asks the cluster whose token it
 * is, and gives access to the cluster as that user, within the request's budget. The context has no other identity. Errors:
 * UNAUTHENTICATED, and those of the authenticator.
 */
export function createContextFactory(dependencies: ContextDependencies) {
  const {
    config,
    runners,
    transport,
    authenticator,
    reviews,
    authorize,
    schedules,
    memory,
    cpu,
    keys,
    requests,
    hub,
    mirrors,
    onReview,
    newDeveloperTrace,
  } = dependencies;
  const { api, cluster, limits, triggers } = config;
  const served = new ServedResources();

  return { identify, createContext };

  /** Asks the cluster whose the token is. Errors: UNAUTHENTICATED, and those of the authenticator. */
  async function identify(
    server: ServerContext,
    // One sequence for all calls of the request, whatever their budget.
    ids = callIds(server.requestId, observersOf(server), server.state.trace?.runStep),
  ) {
    const { req, signal, state } = server;
    state.callCount = () => ids.count();
    const token = state.token ?? readToken(req, api.tokenHeader);
    const address = req.socket.remoteAddress ?? '';
    const subject = await authenticator.authenticate({ token, address, ids, signal });
    const userKey = userKeyOf(subject);
    state.username = subject.username;
    state.user = userKey;
    state.groups = subject.groups;
    return { token, subject, userKey, ids };
  }

  /** Of all calls of a request. */
  function observersOf({ state, whenEnded }: ServerContext): CallObserver[] {
    const observers = state.trace ? [state.trace.observer] : [];
    const upstream = newDeveloperTrace?.(state);
    if (!upstream) return observers;
    state.upstream = upstream;
    whenEnded(() => upstream.close());
    return [...observers, upstream];
  }

  async function createContext(server: ServerContext): Promise<Context> {
    const { signal, state, whenEnded } = server;
    const { token, subject, userKey, ids } = await identify(server);
    // A request waits here before a byte of its body is read.
    const release = await requests.acquire(userKey, signal);
    whenEnded(release);
    state.releaseTurn = release;
    cpu.charge(userKey, REQUEST_MS);
    await cpu.turn(userKey, signal);
    const onTokenRejected = () => {
      authenticator.forget(token);
      reviews.forget(transport.server, token);
    };
    const caller = { token, user: userKey, ids, onTokenRejected };
    const onWarning = (text: string) => {
      if (state.warnings.size < MAX_WARNINGS) state.warnings.add(text);
    };
    const { trace } = state;
    const onWrite: OnWrite | undefined = mirrors.isEnabled
      ? (attributes) => mirrors.written.note(userKey, attributes)
      : undefined;
    const newContext = (
      timeoutMs: number,
      ends: AbortSignal,
      consistency: () => Consistency,
      event?: EventTrace,
    ): EventContext => {
      const budget = new RequestBudget(userKey, limits.request, memory, cpu);
      const calls = event ? { ...ids, ...callsOf(event) } : ids;
      const scope = createRequestScope(calls, ends, timeoutMs, { budget, onWarning, onReview, onWrite });
      const user = new UserCluster(transport, token, scope, onTokenRejected);
      const reader = new CallerReader({
        user,
        caller,
        mirrors,
        reviews,
        consistency,
        onRead: (read) => state.mirrored.set(read.namespace, read),
      });
      const requestReviews = new RequestReviews(reviews, user);
      const { runStep } = calls;
      const loadersOf = () => createLoaders(reader, limits.scannedObjects, budget, runStep);
      const context: Context = {
        user,
        reader,
        subject,
        reviews: requestReviews,
        authorize: (...args) =>
          runStep ? runStep({ name: `authorize ${args[1]}` }, () => authorize(...args)) : authorize(...args),
        schedules,
        runStep,
        loaders: loadersOf(),
        serves: (type) => served.serves(user, type),
        refresh(this: Context) {
          requestReviews.clear();
          this.loaders = loadersOf();
        },
        subscribe: (selection, options) => hub.subscribe(caller, selection, { ...options, signal }),
        followLogs: (options) => hub.followLogs(caller, { ...options, signal }),
        forEvent: () => {
          const deadline = AbortSignal.timeout(limits.requestTimeoutMs);
          const ends = AbortSignal.any([signal, deadline]);
          // What an event shows must not be older than the event.
          return newContext(limits.requestTimeoutMs, ends, () => ({ fresh: true }), trace?.event());
        },
        cursors: new CursorCodec(keys, userKey),
        keys,
        // One template for the whole of the operation.
        runners: { mode: runners.mode, template: runners.template },
        triggers,
        scanLimit: limits.scannedObjects,
        originPolicyInForce: cluster.originPolicyInForce,
        projectRolePrefix: cluster.projectRolePrefix,
        adminAccessKeys: cluster.adminAccessKeys,
        reservedProjectNames: cluster.reservedProjectNames,
        groupAccess: cluster.groupAccess,
      };
      const release = () => {
        budget.release();
        event?.end();
      };
      return { context, signal: ends, release };
    };
    const { context, release: releaseBudget } = newContext(
      limits.requestTimeoutMs - (performance.now() - state.startedAt),
      signal,
      () => state.consistency,
    );
    whenEnded(releaseBudget);
    return context;

    /** Those of the request, with the event's trace in place of its own. */
    function callsOf({ observer, runStep }: EventTrace) {
      const observers = ids.observers?.map((each) => (each === trace?.observer ? observer : each)) ?? [];
      return { observers, runStep };
    }
  }
}

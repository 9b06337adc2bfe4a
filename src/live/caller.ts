import type { CpuShares } from '../budgets/cpu-shares.ts';
import type { MemoryBudget, Reservation } from '../budgets/memory-budget.ts';
import { RequestBudget, type RequestLimits } from '../budgets/request-budget.ts';
import { type CallIds, createRequestScope, type OnReview } from '../kubernetes/scope.ts';
import type { UserToken } from '../kubernetes/token.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import { UserCluster } from '../kubernetes/user-cluster.ts';

/** Who subscribes. */
export interface Caller {
  token: UserToken;
  /** The user that the token belongs to. */
  user: string;
  /** Of the calls: also of those that a feed makes, which can outlive the request that has begun it. */
  ids: CallIds;
  onTokenRejected(): void;
}

export interface CallerClusterOptions {
  /** For lists and reviews. */
  transport: ClusterTransport;
  /** For watches and logs that are followed: they use up no connection that queries need. */
  streams: ClusterTransport;
  memory: MemoryBudget;
  cpu: CpuShares;
  /** What a call may take, as a request's. */
  request: RequestLimits;
  /** Deadline of a call, in ms. */
  callTimeoutMs: number;
  onReview?: OnReview | undefined;
}

/** A caller's share of the thread. */
export type CallerShare = ReturnType<CallerCluster['share']>;

/** The cluster as callers, outside of their requests. */
export class CallerCluster {
  readonly #options: CallerClusterOptions;

  constructor(options: CallerClusterOptions) {
    this.#options = options;
  }

  /** One call as the user, in its turn and within a budget of its own. */
  async call<T>(caller: Caller, signal: AbortSignal, perform: (user: UserCluster) => Promise<T>): Promise<T> {
    const { transport, callTimeoutMs, request, memory, cpu } = this.#options;
    const budget = new RequestBudget(caller.user, request, memory, cpu);
    const scope = createRequestScope(caller.ids, signal, callTimeoutMs, { budget });
    try {
      return await perform(new UserCluster(transport, caller.token, scope, caller.onTokenRejected));
    } finally {
      budget.release();
    }
  }

  /**
   * One review as the user. It waits for no turn, and no budget refuses it: a user could otherwise make calls for as long as
   * it wants to put off the review that ends what it follows.
   */
  review<T>(
    { token, ids, onTokenRejected }: Caller,
    signal: AbortSignal,
    perform: (user: UserCluster) => T,
  ): T {
    const { transport, callTimeoutMs, onReview } = this.#options;
    const scope = createRequestScope(ids, signal, callTimeoutMs, { onReview });
    return perform(new UserCluster(transport, token, scope, onTokenRejected));
  }

  /** For watches and logs, each of which occupies a connection. */
  streams({ token, user, ids, onTokenRejected }: Caller, signal: AbortSignal): UserCluster {
    const { streams, callTimeoutMs, request, memory, cpu } = this.#options;
    const budget = new RequestBudget(user, request, memory, cpu);
    const scope = createRequestScope(ids, signal, callTimeoutMs, { budget });
    return new UserCluster(streams, token, scope, onTokenRejected);
  }

  /** What the caller keeps in memory. */
  reserve({ user }: Caller): Reservation {
    return this.#options.memory.reserve(user, 0);
  }

  share({ user }: Caller) {
    const { cpu } = this.#options;
    return {
      /** Runs a step and counts the time that it takes. It must be synchronous. */
      measure: <T>(step: () => T): T => cpu.measure(user, step),
      /** Waits until the user is within its share; undefined if it is. Timeout if the signal aborts meanwhile. */
      turn: (signal: AbortSignal) => cpu.turn(user, signal),
    };
  }
}

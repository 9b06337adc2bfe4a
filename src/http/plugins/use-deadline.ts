import { type ExecutionArgs, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { CpuShares } from '../../budgets/cpu-shares.ts';
import { Timeout } from '../../errors.ts';
import type { ServerContext } from '../request-state.ts';
import { subscribeWithEventContexts } from '../subscribe.ts';

interface DeadlineOptions {
  /** The deadline of a query or mutation, in ms. Subscriptions have none. */
  requestTimeoutMs?: number;
  /** What executing takes of the thread counts towards it, until the first wait: many fields fail without a call. */
  cpu?: CpuShares;
}

export const REQUEST_TIMEOUT_MS = 30_000;

/** Starts the deadline of an operation. A subscription cancels it once it is known to be one. */
export function startDeadline({ state, whenEnded }: ServerContext, timeoutMs: number): void {
  const onDeadline = () => state.abort(new Timeout(`The operation took longer than ${timeoutMs} ms`));
  const timer = setTimeout(onDeadline, timeoutMs);
  state.cancelDeadline = () => clearTimeout(timer);
  whenEnded(state.cancelDeadline);
}

/**
 * Stops an operation when the request's signal aborts: the client disconnects, the server shuts down or, for queries and
 * mutations, the deadline passes (TIMEOUT). Yoga's executor takes a tenth less of the thread than that of graphql-js, which
 * executes subscriptions: Yoga's has no step between their events.
 */
export function useDeadline({
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
  cpu,
}: DeadlineOptions = {}): Plugin<ServerContext, ServerContext> {
  return {
    // From the start: also a request that waits for its user's turn ends.
    onRequestParse({ serverContext }) {
      startDeadline(serverContext, requestTimeoutMs);
    },
    onParse() {
      return ({ context: { state, params }, result }) => {
        if (result === null || result instanceof Error) return;
        const operation = getOperationAST(result, params?.operationName);
        if (!operation) return;
        state.document = result;
        state.operation = { type: operation.operation, name: operation.name?.value };
        if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
        state.cancelDeadline?.();
        state.releaseTurn?.();
      };
    },
    onExecute({ args, executeFn, setExecuteFn }) {
      Object.assign(args, { signal: args.contextValue.signal });
      const measure = measureOf(args.contextValue);
      setExecuteFn((executionArgs) => measure(() => executeFn(executionArgs)));
    },
    onSubscribe({ args, setSubscribeFn }) {
      Object.assign(args, { abortSignal: args.contextValue.signal });
      const measure = measureOf(args.contextValue);
      setSubscribeFn((executionArgs: ExecutionArgs) => subscribeWithEventContexts(executionArgs, measure));
    },
  };

  function measureOf({ state: { user } }: ServerContext) {
    return <T>(step: () => T): T => (cpu && user !== undefined ? cpu.measure(user, step) : step());
  }
}

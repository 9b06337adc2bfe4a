import { type ExecutionArgs, execute, getOperationAST, OperationTypeNode, subscribe } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Timeout } from '../../errors.ts';
import type { ServerContext } from '../request-state.ts';

export interface DeadlineOptions {
  /** For a query or mutation as a whole; a subscription has none. */
  requestTimeoutMs?: number;
}

/**
 * Executes with graphql-js itself, which stops at the request's signal: when the client is gone, when the server
 * closes and, for queries and mutations, at the deadline (TIMEOUT).
 */
export function useDeadline({
  requestTimeoutMs = 30_000,
}: DeadlineOptions = {}): Plugin<ServerContext, ServerContext> {
  return {
    onParams({ context: { state, res } }) {
      const late = () => state.abort(new Timeout(`The operation took longer than ${requestTimeoutMs} ms`));
      const timer = setTimeout(late, requestTimeoutMs);
      state.cancelDeadline = () => clearTimeout(timer);
      res.once('close', state.cancelDeadline);
    },
    onParse() {
      return ({ context: { state, params }, result }) => {
        if (result === null || result instanceof Error) return;
        const operation = getOperationAST(result, params?.operationName);
        if (!operation) return;
        state.document = result;
        state.operation = { type: operation.operation, name: operation.name?.value };
        if (operation.operation === OperationTypeNode.SUBSCRIPTION) state.cancelDeadline?.();
      };
    },
    onExecute({ args, setExecuteFn }) {
      Object.assign(args, { abortSignal: args.contextValue.signal });
      setExecuteFn((executed: ExecutionArgs) => execute(executed));
    },
    onSubscribe({ args, setSubscribeFn }) {
      Object.assign(args, { abortSignal: args.contextValue.signal });
      setSubscribeFn((executed: ExecutionArgs) => subscribe(executed));
    },
  };
}

import { type ExecutionArgs, execute, getOperationAST, OperationTypeNode, subscribe } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Timeout } from '../errors.ts';
import type { ServerContext } from './exchange.ts';

export interface DeadlineOptions {
  /** For a query or mutation as a whole; a subscription has none. */
  requestTimeoutMs?: number;
}

/**
 * Executes with graphql-js itself, which stops at the request's signal: when the client is gone, when the server
 * closes and, for queries and mutations, at the deadline (TIMEOUT).
 */
export function useDeadline({ requestTimeoutMs = 30_000 }: DeadlineOptions = {}): Plugin<ServerContext> {
  return {
    onParse() {
      return ({ context, result }) => {
        if (result === null || result instanceof Error) return;
        const operation = getOperationAST(result, context.params?.operationName);
        if (!operation) return;
        context.exchange.document = result;
        context.exchange.operation = { type: operation.operation, name: operation.name?.value };
        if (operation.operation !== OperationTypeNode.SUBSCRIPTION) startTimer(context);
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

  function startTimer({ exchange, res }: ServerContext): void {
    const late = () => exchange.abort(new Timeout(`The operation took longer than ${requestTimeoutMs} ms`));
    const timer = setTimeout(late, requestTimeoutMs);
    res.once('close', () => clearTimeout(timer));
  }
}

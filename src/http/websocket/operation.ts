import { type ExecutionArgs, type ExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { type GraphQLParams, isAsyncIterable, type YogaServerInstance } from 'graphql-yoga';
import type { MemoryBudget } from '../../budgets/memory-budget.ts';
import type { UserToken } from '../../kubernetes/token.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { Tracing } from '../../telemetry/tracing/tracing.ts';
import { type ClientResults, wrapError } from '../client-results.ts';
import { endedOperation, type RequestObserver } from '../ended-request.ts';
import type { ResolveDocument } from '../operations/document-resolver.ts';
import { startDeadline } from '../plugins/use-deadline.ts';
import { logOperation } from '../plugins/use-request-log.ts';
import { createSocketContext, type HttpContext, type ServerContext } from '../request-state.ts';

/** Who the caller is. Both set the user and the username of the state. */
export interface Identity {
  /** Asks the cluster whose the token is. */
  identify(server: ServerContext): Promise<unknown>;
  /** What the caller adds to an operation's context. */
  createContext(server: ServerContext): Promise<object>;
}

export interface OperationOptions {
  yoga: YogaServerInstance<HttpContext, object>;
  results: ClientResults;
  logger: Logger;
  identity: Identity | undefined;
  requestTimeoutMs: number;
  resolve: ResolveDocument;
  memory: MemoryBudget | undefined;
  observer: RequestObserver | undefined;
  tracing: Tracing | undefined;
}

/** The connection of an operation. */
interface OperationConnection {
  request: HttpContext['req'];
  token: UserToken;
  /** The client has taken what was sent, and the operation goes on. */
  onTaken(operation: Operation): void;
  onEnd(operation: Operation): void;
  disconnect(): void;
}

/** The arguments of an execution, with the operation that they belong to. */
export interface OperationArgs extends ExecutionArgs {
  operation: Operation;
}

/**
 * One operation over a WebSocket. It has the steps of an HTTP request, with the same plugins: identity, limits, execution,
 * errors, log.
 */
export class Operation {
  readonly id: string;
  readonly #context: ServerContext;
  readonly #endContext: () => void;
  readonly #connection: OperationConnection;
  readonly #options: OperationOptions;
  #execute: () => unknown = () => undefined;
  #isLeft = false;

  constructor(id: string, connection: OperationConnection, options: OperationOptions) {
    this.id = id;
    this.#connection = connection;
    this.#options = options;
    const { context, end } = createSocketContext(connection.request, connection.token, {
      ready: () => void connection.onTaken(this),
      disconnect: () => connection.disconnect(),
    });
    this.#context = context;
    const { tracing } = options;
    if (tracing) context.state.trace = tracing.socketOperation(connection.request, context.requestId);
    this.#endContext = end;
  }

  get isSubscription(): boolean {
    return this.#context.state.operation?.type === OperationTypeNode.SUBSCRIPTION;
  }

  /** Whether the cluster has refused the token. */
  get isUnauthenticated(): boolean {
    return this.#context.state.errorCodes.has('UNAUTHENTICATED');
  }

  /**
   * What precedes the execution.
   *
   * @param bytes of the message
   * @param refusal why the operation is refused
   * @returns the arguments of the execution, or the errors because of which there is none
   */
  async prepare(
    payload: SubscribePayload,
    bytes: number,
    refusal: Error | undefined,
  ): Promise<OperationArgs | readonly GraphQLError[]> {
    const { yoga, identity, requestTimeoutMs, resolve, memory } = this.#options;
    const context = this.#context;
    try {
      if (refusal) throw refusal;
      startDeadline(context, requestTimeoutMs);
      const caller = await identity?.createContext(context);
      const reserved = memory?.reserve(context.state.user ?? '', bytes);
      context.whenEnded(() => reserved?.release());
      const { query, variables, operationName, extensions } = resolve(payload, context);
      const params = {
        query,
        ...(variables && { variables }),
        ...(operationName && { operationName }),
        ...(extensions && { extensions }),
      } as GraphQLParams;
      // With the method of an HTTP request, without which Yoga omits the codes of two errors. Its type has more of one.
      const initial = { ...context, ...caller, params, request: { method: 'POST' } } as unknown as Parameters<
        typeof yoga.getEnveloped
      >[0];
      const enveloped = yoga.getEnveloped(initial);
      const document = enveloped.parse(query);
      const invalid = enveloped.validate(enveloped.schema, document);
      if (invalid.length > 0) return this.#errors(invalid);
      const args: ExecutionArgs = {
        schema: enveloped.schema,
        document,
        contextValue: await enveloped.contextFactory(),
        variableValues: params.variables,
        operationName: params.operationName,
      };
      const execute = this.isSubscription ? enveloped.subscribe : enveloped.execute;
      this.#execute = () => execute(args);
      return { ...args, operation: this };
    } catch (error) {
      return this.#errors([wrapError(error)]);
    }
  }

  async run(): Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>> {
    const { results } = this.#options;
    try {
      const result = (await this.#execute()) as ExecutionResult | AsyncIterable<ExecutionResult>;
      return isAsyncIterable(result)
        ? results.stream(result, this.#context)
        : results.single(result as ExecutionResult, this.#context);
    } catch (error) {
      return results.single({ errors: [wrapError(error)] }, this.#context);
    }
  }

  /** The client has completed the operation, or its connection is closing. */
  leave(): void {
    this.#isLeft = true;
    this.#context.state.abort(new DOMException('The client has left the operation', 'AbortError'));
  }

  /** Everything that the operation holds is free. */
  end(): void {
    this.#endContext();
    this.#context.state.trace?.operationEnded(this.#context.state.errorCodes);
    logOperation(this.#options.logger, this.#context.state, {
      transport: 'websocket',
      aborted: this.#isLeft,
    });
    this.#options.observer?.operationEnded(endedOperation(this.#context.state, this.#isLeft));
    this.#connection.onEnd(this);
  }

  #errors(thrown: readonly GraphQLError[]): readonly GraphQLError[] {
    const { errors = [], extensions } = this.#options.results.single({ errors: thrown }, this.#context);
    // The message has a list of errors, and no extensions of its own.
    if (extensions?.upstream) Object.assign(errors[0]?.extensions ?? {}, { upstream: extensions.upstream });
    return errors;
  }
}

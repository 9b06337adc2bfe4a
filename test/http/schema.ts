import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { BadUserInput, Forbidden, TooManyRequests, Unauthenticated } from '../../src/errors.ts';
import type { ServerContext } from '../../src/http/request-state.ts';
import { KubernetesError } from '../../src/kubernetes/kubernetes-error.ts';

/** What a test reaches of the schema's inside. */
export interface Probe {
  /** Resolves `Query.slow` and lets `Subscription.quiet` send its one event. */
  release: () => void;
  released: Promise<void>;
  /** Resolves when `Query.slow` or `Subscription.quiet` has begun. */
  started: Promise<void>;
  onStarted: () => void;
  /** Resolves when the source of `Subscription.quiet` or `flood` was closed. */
  closed: Promise<void>;
  onClosed: () => void;
  mutations: number;
  /** Events of `Subscription.flood` so far. */
  events: number;
}

export function createProbe(): Probe {
  const started = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  return {
    started: started.promise,
    onStarted: started.resolve,
    released: released.promise,
    release: released.resolve,
    closed: closed.promise,
    onClosed: closed.resolve,
    mutations: 0,
    events: 0,
  };
}

export const SECRET = 'sandbox-admin-token';

function failure(kind: string): Error {
  const attributes = { verb: 'list', group: '', resource: 'pods', namespace: 'demo' };
  switch (kind) {
    case 'unauthenticated':
      return new Unauthenticated('The token was not accepted');
    case 'forbidden':
      return new Forbidden('You may not list pods', { verb: 'list' });
    case 'input':
      return new BadUserInput([{ path: 'name', message: 'too long' }]);
    case 'throttled':
      return new TooManyRequests('Slow down', { retryAfterSeconds: 7 });
    case 'kubernetes':
      return new KubernetesError(
        409,
        { kind: 'Status', reason: 'Conflict', message: SECRET },
        attributes,
        'user',
      );
    case 'graphql':
      return new GraphQLError(`graphql ${SECRET}`, {
        extensions: { code: 'BAD_REQUEST', http: { status: 418 } },
      });
    case 'timeout':
      return new DOMException('late', 'TimeoutError');
    default:
      return new Error(`Bearer ${SECRET} was refused`);
  }
}

export function createSchema(probe: Probe): GraphQLSchema {
  const builder = new SchemaBuilder<{ Context: ServerContext }>({
    plugins: [ComplexityPlugin],
    complexity: { defaultComplexity: 1, defaultListMultiplier: 5 },
  });
  interface Item {
    name: string;
  }
  const ItemType = builder.objectRef<Item>('Item');
  ItemType.implement({
    fields: (t) => ({
      name: t.exposeString('name'),
      self: t.field({ type: ItemType, resolve: (item) => item }),
    }),
  });
  const Input = builder.inputType('ItemInput', {
    fields: (t) => ({ name: t.string({ required: true }), sizes: t.intList() }),
  });
  builder.queryType({
    fields: (t) => ({
      hello: t.string({
        args: { name: t.arg.string({ defaultValue: 'you', required: true }) },
        resolve: (_, { name }) => `hello ${name}`,
      }),
      fail: t.string({
        nullable: true,
        args: { kind: t.arg.string({ required: true }) },
        resolve: (_, { kind }) => {
          throw failure(kind);
        },
      }),
      failHard: t.string({
        nullable: false,
        args: { kind: t.arg.string({ required: true }) },
        resolve: (_, { kind }) => {
          throw failure(kind);
        },
      }),
      badValue: t.int({ nullable: true, resolve: () => SECRET as unknown as number }),
      missing: t.string({ nullable: false, resolve: () => null as unknown as string }),
      item: t.field({
        type: ItemType,
        nullable: true,
        args: { input: t.arg({ type: Input, required: true }) },
        resolve: (_, { input }) => ({ name: input.name }),
      }),
      items: t.field({
        type: [ItemType],
        args: { first: t.arg.int({ defaultValue: 50, required: true }) },
        complexity: ({ first }) => ({ field: 1, multiplier: first }),
        resolve: () => [{ name: 'a' }],
      }),
      requestId: t.string({ resolve: (_, __, { requestId }) => requestId }),
      slow: t.string({
        resolve: async () => {
          probe.onStarted();
          await probe.released;
          return 'done';
        },
      }),
    }),
  });
  builder.mutationType({
    fields: (t) => ({ touch: t.int({ resolve: () => ++probe.mutations }) }),
  });
  builder.subscriptionType({
    fields: (t) => ({
      count: t.int({
        args: { to: t.arg.int({ required: true }) },
        subscribe: async function* (_, { to }) {
          for (let n = 1; n <= to; n++) yield n;
        },
        resolve: (n) => n as number,
      }),
      failing: t.string({
        args: {
          kind: t.arg.string({ required: true }),
          after: t.arg.int({ defaultValue: 0, required: true }),
        },
        subscribe: async function* (_, { kind, after }) {
          for (let n = 0; n < after; n++) yield 'fine';
          throw failure(kind);
        },
        resolve: (text) => text as string,
      }),
      refused: t.string({
        args: { kind: t.arg.string({ required: true }) },
        subscribe: (_, { kind }) => {
          throw failure(kind);
        },
        resolve: () => '',
      }),
      flood: t.string({
        subscribe: async function* () {
          try {
            for (;;) {
              probe.events += 1;
              yield 'x'.repeat(100_000);
            }
          } finally {
            probe.onClosed();
          }
        },
        resolve: (text) => text as string,
      }),
      quiet: t.string({ subscribe: () => quiet(probe), resolve: (text) => text as string }),
      items: t.field({
        type: [ItemType],
        args: { first: t.arg.int({ defaultValue: 50, required: true }) },
        complexity: ({ first }) => ({ field: 1, multiplier: first }),
        subscribe: async function* () {
          yield [{ name: 'a' }];
        },
        resolve: (items) => items as Item[],
      }),
    }),
  });
  return builder.toSchema();
}

function quiet(probe: Probe): AsyncIterableIterator<string> {
  probe.onStarted();
  let sent = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      await probe.released;
      if (sent) return { done: true, value: undefined };
      sent = true;
      return { done: false, value: 'event' };
    },
    return: async () => {
      probe.onClosed();
      return { done: true, value: undefined };
    },
  };
}

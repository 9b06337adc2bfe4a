import type { Plugin } from 'graphql-yoga';
import type { CreateContext } from '../context.ts';
import type { ServerContext } from './exchange.ts';
import { keepErrors } from './use-errors.ts';

/** Finds out who asks before anything of the operation is looked at, and puts what that user has on the context. */
export function useIdentity(createContext: CreateContext): Plugin<ServerContext, ServerContext> {
  return {
    async onParams({ context, setResult }) {
      try {
        Object.assign(context, await createContext(context));
      } catch (error) {
        setResult({ errors: [keepErrors(error)] });
      }
    },
  };
}

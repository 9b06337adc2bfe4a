import type { Plugin } from 'graphql-yoga';
import type { ServerContext } from '../request-state.ts';
import { wrapError } from './use-errors.ts';

/** Authenticates the caller before the operation is parsed, and adds to its context what `createContext` returns. */
export function useIdentity(
  createContext: (server: ServerContext) => Promise<object>,
): Plugin<ServerContext, ServerContext> {
  return {
    async onParams({ context, setResult }) {
      try {
        Object.assign(context, await createContext(context));
      } catch (error) {
        setResult({ errors: [wrapError(error)] });
      }
    },
  };
}

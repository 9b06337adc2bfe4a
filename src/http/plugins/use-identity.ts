import type { Plugin } from 'graphql-yoga';
import type { HttpContext, ServerContext } from '../request-state.ts';

/**
 * Authenticates the caller before a byte of the body is read, and adds to the operation's context what `authenticate`
 * returns.
 */
export function useIdentity(
  authenticate: (server: ServerContext) => Promise<object>,
): Plugin<HttpContext, HttpContext> {
  return {
    onRequestParse({ requestParser, setRequestParser, serverContext }) {
      if (!requestParser) return;
      setRequestParser(async (request) => {
        try {
          serverContext.state.caller = await authenticate(serverContext);
          return await requestParser(request);
        } catch (error) {
          endUnreadBody(serverContext);
          throw error;
        }
      });
    },
    onParams({ context }) {
      Object.assign(context, context.state.caller);
    },
  };
}

/** A body of this size is read to its end after a refusal, so that the connection can be used again. */
const SHORT_BODY_BYTES = 64 * 1024;
/** How long a client with a longer body has to read the refusal before its connection is destroyed. */
const LINGER_MS = 1_000;

function endUnreadBody({ req, res }: HttpContext): void {
  if (req.complete || Number(req.headers['content-length']) <= SHORT_BODY_BYTES) return;
  res.once('finish', () => setTimeout(() => req.socket.destroy(), LINGER_MS).unref());
}

import { WritError } from '../../errors.ts';
import { AGENTIC_SESSIONS, type AgenticSession as Shape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import { nodeTypes } from '../relay/node.ts';
import { AgenticSession } from './type.ts';

export interface SessionPayload {
  session: Shape;
}

/** The payload type of a mutation that returns a session. */
export function sessionPayload(mutation: string, session: string) {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Payload`;
  return builder.objectRef<SessionPayload>(name).implement({
    description: `The result of the mutation \`${mutation}\`.`,
    fields: (t) => ({
      session: t.field({ type: AgenticSession, description: session, resolve: (payload) => payload.session }),
    }),
  });
}

/**
 * The payload for the result of a use case. An error that names a session by its UID in `extensions.session` names it by
 * its global id instead.
 */
export async function asPayload(result: Promise<Shape>): Promise<SessionPayload> {
  try {
    return { session: await result };
  } catch (error) {
    throw withSessionInError(error);
  }
}

function withSessionInError(error: unknown): unknown {
  if (!(error instanceof WritError)) return error;
  const session = error.extensions.session as { project: string; name: string; uid: string } | undefined;
  if (!session) return error;
  const { project, name, uid } = session;
  const id = nodeTypes.idOf({ kind: AGENTIC_SESSIONS.kind, metadata: { namespace: project, name, uid } });
  return error.with({ session: { id, project, name } });
}

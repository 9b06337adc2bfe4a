import { WritError } from '../../errors.ts';
import type { ObjectMeta } from '../../kubernetes/resources.ts';
import { nodeIdOf } from '../node-id.ts';

/** What fails after the session exists names it. The id is a matter of this API; the use case has project, name and uid. */
export async function namingSession<T>(made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (error) {
    throw withSessionId(error);
  }
}

function withSessionId(error: unknown): unknown {
  if (!(error instanceof WritError)) return error;
  const session = error.extensions.session as { project: string; name: string; uid: string } | undefined;
  if (!session) return error;
  const { project, name, uid } = session;
  const metadata: ObjectMeta = { namespace: project, name, uid };
  return error.with({ session: { id: nodeIdOf('AgenticSession', metadata), project, name } });
}

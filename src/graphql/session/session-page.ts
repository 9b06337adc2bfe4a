import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { AGENTIC_SESSIONS, type AgenticSession } from '../../model/session.ts';
import type { Context } from '../context.ts';
import { readClusterPage } from '../relay/cluster-page.ts';
import { readSnapshotPage } from '../relay/snapshot-page.ts';
import { hasFilter, type SessionPage, type SessionPageRequest } from './selection.ts';

/** The maximum number of calls for one page. */
const MAX_CALLS = 20;

export async function readSessionPage(
  { reader, loaders, user }: Context,
  request: SessionPageRequest,
): Promise<SessionPage> {
  const { namespace, labelSelector, order } = request.selection;
  const isClusterOrder = order.field === 'NAME' && order.direction === 'ASC';
  try {
    if (!isClusterOrder || hasFilter(request.selection)) return await loaders.scannedSessions.load(request);
    const snapshot = await reader.snapshot<AgenticSession>(AGENTIC_SESSIONS, namespace, {
      labelSelector,
      scan: false,
    });
    if (snapshot) {
      const { budget } = user.scope;
      return readSnapshotPage(request, snapshot, { budget, isCounted: labelSelector === '' });
    }
    return await readClusterPage<AgenticSession>(request, {
      list: (page) => reader.list(AGENTIC_SESSIONS, namespace, { labelSelector, ...page }),
      shouldContinue: ({ calls }) => calls < MAX_CALLS,
    });
  } catch (error) {
    throw withArgument(error, request);
  }
}

/** The cluster responds with 400 to a selector or continue token that it cannot parse, and does not say which it is. */
function withArgument(error: unknown, { position, selection }: SessionPageRequest): unknown {
  if (!(error instanceof KubernetesError && error.statusCode === 400)) return error;
  if (position?.continue)
    return new BadUserInput([
      { path: 'after', message: 'is not a cursor that the cluster accepts: request the first page again' },
    ]);
  if (selection.labelSelector)
    return new BadUserInput([{ path: 'labelSelector', message: 'is not a valid label selector' }]);
  return error;
}

import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { logContainerOf } from '../../kubernetes/log-container.ts';
import type { AgenticSession as Shape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { AgenticSession } from './type.ts';

const MAX_TAIL_LINES = 5_000;
const MAX_LOG_BYTES = 1_048_576;
const LOG_COST = { field: 50 };

builder.objectField(AgenticSession, 'logs', (t) =>
  t.string({
    nullable: true,
    description:
      'The last lines of the log of the newest pod, cut off after 1,048,576 bytes. It is null if there is no pod, or if the container has printed nothing yet.',
    args: {
      tailLines: t.arg.int({
        defaultValue: 200,
        description: `The number of lines at the end of the log, from 1 to ${MAX_TAIL_LINES}, else BAD_USER_INPUT.`,
      }),
      container: t.arg.string({
        description:
          'The name of a container or init container of the pod, else BAD_USER_INPUT. The default is the one in the annotation `kubectl.kubernetes.io/default-container` of the pod, or else its first container.',
      }),
    },
    complexity: LOG_COST,
    resolve: (session, { tailLines, container }, context) =>
      readLogs(session, tailLines ?? 200, container, context),
  }),
);

async function readLogs(
  session: Shape,
  tailLines: number,
  container: string | null | undefined,
  { loaders, reader }: Context,
): Promise<string | null> {
  if (tailLines < 1 || tailLines > MAX_TAIL_LINES) {
    throw new BadUserInput([{ path: 'tailLines', message: `must be from 1 to ${MAX_TAIL_LINES}` }]);
  }
  const [pod] = await loaders.pods.load(session);
  if (!pod) return null;
  const options = { tailLines, container: logContainerOf(pod, container), limitBytes: MAX_LOG_BYTES };
  try {
    // For a pod without a node the API server returns an empty log.
    return (await reader.log(pod.metadata.namespace ?? '', pod.metadata.name, options)) || null;
  } catch (error) {
    // 404: the pod was deleted in the meantime. 400 for an existing container: it has not started.
    const hasNoLog = error instanceof KubernetesError && (error.isNotFound || error.statusCode === 400);
    if (hasNoLog) return null;
    throw error;
  }
}

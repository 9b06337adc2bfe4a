import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import type { AgenticSession as Shape } from '../../model/session.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { AgenticSession } from './type.ts';

const MAX_TAIL_LINES = 5_000;
const MAX_LOG_BYTES = 1_048_576;
const LOG_COST = { field: 50 };
/** Where kubectl looks, too: the API server itself has no default among several containers. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

builder.objectField(AgenticSession, 'logs', (t) =>
  t.string({
    nullable: true,
    description:
      'The last lines that its newest pod printed, of them the first 1 MiB; null before it prints.',
    args: {
      tailLines: t.arg.int({ defaultValue: 200, description: `From 1 to ${MAX_TAIL_LINES}.` }),
      container: t.arg.string({ description: "Absent: the pod's only or default container." }),
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
  const options = { tailLines, container: containerOf(pod, container), limitBytes: MAX_LOG_BYTES };
  try {
    // Of a pod that has no node yet the API server answers an empty log.
    return (await reader.log(pod.metadata.namespace ?? '', pod.metadata.name, options)) || null;
  } catch (error) {
    // 404: the pod has gone since. 400, of a container that there is: it has not started.
    const hasNoLog = error instanceof KubernetesError && (error.isNotFound || error.statusCode === 400);
    if (hasNoLog) return null;
    throw error;
  }
}

function containerOf({ spec, metadata }: Pod, asked: string | null | undefined): string {
  const names = (spec?.containers ?? []).map(({ name }) => name);
  const wanted = asked ?? metadata.annotations?.[DEFAULT_CONTAINER] ?? '';
  if (names.includes(wanted) || spec?.initContainers?.some(({ name }) => name === wanted)) return wanted;
  if (asked == null) return names[0] ?? '';
  throw new BadUserInput([{ path: 'container', message: `must be one of ${names.join(', ')}` }]);
}

import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { logContainerOf } from '../../kubernetes/log-container.ts';
import { parseContainer, parseName, parseNamespace } from '../../kubernetes/path.ts';
import type { Reader } from '../../kubernetes/reader.ts';
import type { LogChunk as ChunkShape, LogLine as LineShape } from '../../live/log-queue.ts';
import type { AgenticSession as Shape } from '../../model/session.ts';
import { sessionRuns } from '../../sessions/session-runs.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { AgenticSession } from './type.ts';

const DEFAULT_TAIL_LINES = 200;
const MAX_TAIL_LINES = 5_000;
const MAX_LOG_BYTES = 1_048_576;
const LOG_COST = { field: 50 };

const CONTAINER =
  'The name of a container or init container of the pod, else BAD_USER_INPUT. The default is the one in the annotation `kubectl.kubernetes.io/default-container` of the pod, or else its first container.';

builder.objectField(AgenticSession, 'logs', (t) =>
  t.string({
    nullable: true,
    description:
      'The last lines of the log of the newest pod: fewer than `tailLines` if these have more than 1,048,576 bytes. It is null if there is no pod, or if the container has printed nothing yet.',
    args: {
      tailLines: t.arg.int({
        defaultValue: DEFAULT_TAIL_LINES,
        description: `The number of lines at the end of the log, from 1 to ${MAX_TAIL_LINES}, else BAD_USER_INPUT.`,
      }),
      container: t.arg.string({ description: CONTAINER }),
    },
    complexity: LOG_COST,
    resolve: (session, { tailLines, container }, context) =>
      readLogs(session, tailLines ?? DEFAULT_TAIL_LINES, container, context),
  }),
);

async function readLogs(
  session: Shape,
  tailLines: number,
  container: string | null | undefined,
  { loaders, reader }: Context,
): Promise<string | null> {
  assertTailLines(tailLines, 1);
  const [pod] = await loaders.pods.load(session);
  if (!pod) return null;
  const { namespace = '', name } = pod.metadata;
  try {
    // For a pod without a node the API server returns an empty log.
    return (await newestLines(reader, namespace, name, tailLines, logContainerOf(pod, container))) || null;
  } catch (error) {
    // 404: the pod was deleted in the meantime. 400 for an existing container: it has not started.
    const hasNoLog = error instanceof KubernetesError && (error.isNotFound || error.statusCode === 400);
    if (hasNoLog) return null;
    throw error;
  }
}

/** Beyond the limit of bytes the cluster leaves out the newest lines, so fewer lines are requested until all of them fit. */
async function newestLines(
  reader: Reader,
  namespace: string,
  pod: string,
  tailLines: number,
  container: string,
): Promise<string> {
  for (let lines = tailLines; ; ) {
    const options = { tailLines: lines, container, limitBytes: MAX_LOG_BYTES };
    const text = await reader.log(namespace, pod, options);
    if (Buffer.byteLength(text) < MAX_LOG_BYTES || lines === 1) return text;
    // As many as did fit, but fast if the newest are the longest.
    const fitting = text.split('\n').length - 1;
    lines = Math.max(1, Math.min(fitting, Math.floor(lines / 2)));
  }
}

const LogLine = builder.objectRef<LineShape>('LogLine').implement({
  description: 'A line of the log of a container.',
  fields: (t) => ({
    text: t.exposeString('text', {
      description:
        'Without ANSI escape sequences and control characters, and with U+FFFD in place of bytes that are not UTF-8. A line of more than 16,384 bytes is cut, and its text says so.',
    }),
    timestamp: t.expose('timestamp', {
      type: 'DateTime',
      description:
        'When the container printed the line, in UTC with nanoseconds, so that times compare as text.',
    }),
    pod: t.exposeString('pod', { description: 'The name of the pod.' }),
    container: t.exposeString('container', { description: 'The name of the container in the pod.' }),
  }),
});

const LogChunk = builder.objectRef<ChunkShape>('LogChunk').implement({
  description: 'Lines of a log, in order.',
  fields: (t) => ({
    lines: t.field({
      type: [LogLine],
      description: 'Up to 200 lines, or those of 50 ms.',
      resolve: ({ lines }) => lines,
    }),
    skipped: t.exposeInt('skipped', {
      description: 'The number of lines before these that were dropped, because the client was too slow.',
    }),
  }),
});

builder.subscriptionField('sessionLogs', (t) =>
  t.field({
    type: LogChunk,
    description:
      "The log of a session as it is written, from pod to pod. It waits for the first run, and completes when the session's last run has ended and its log was read. NOT_FOUND if the session does not exist; FORBIDDEN if the caller may not `get` pods/log, `list` and `watch` the session and its pods, or `list` Jobs. It ends with FORBIDDEN when the caller may no longer do so, and with UNAUTHENTICATED when the token expires.",
    args: {
      project: t.arg.string({ required: true, description: 'The name of the project.' }),
      name: t.arg.string({ required: true, description: 'The name of the session.' }),
      tailLines: t.arg.int({
        defaultValue: DEFAULT_TAIL_LINES,
        description: `The number of earlier lines of the newest pod to begin with, from 0 to ${MAX_TAIL_LINES}, else BAD_USER_INPUT. With \`sinceTime\` it has no effect.`,
      }),
      container: t.arg.string({ description: CONTAINER }),
      sinceTime: t.arg({
        type: 'DateTime',
        description:
          'Begins with the lines of all pods from this time on. To continue, pass the `timestamp` of the last line: the lines of that time are sent again.',
      }),
    },
    complexity: LOG_COST,
    subscribe: (_, { project, name, tailLines, container, sinceTime }, context) => {
      const namespace = parseNamespace(project, 'project');
      const session = parseName(name, 'name');
      const lines = tailLines ?? DEFAULT_TAIL_LINES;
      assertTailLines(lines, 0);
      return context.followLogs({
        namespace,
        runs: (live) => sessionRuns(live, namespace, session),
        container: container == null ? undefined : parseContainer(container, 'container'),
        start: sinceTime ? { sinceTime } : { tailLines: lines },
      });
    },
    resolve: (chunk) => chunk,
  }),
);

function assertTailLines(tailLines: number, minimum: number): void {
  if (tailLines >= minimum && tailLines <= MAX_TAIL_LINES) return;
  throw new BadUserInput([{ path: 'tailLines', message: `must be from ${minimum} to ${MAX_TAIL_LINES}` }]);
}

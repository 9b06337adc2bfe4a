import { BadUserInput } from '../../errors.ts';
import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { logContainerOf } from '../../kubernetes/log-container.ts';
import { parseContainer, parseName, parseNamespace } from '../../kubernetes/path.ts';
import type { LogOptions, Reader } from '../../kubernetes/reader.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import type { LogChunk as ChunkShape, LogLine as LineShape } from '../../live/log-queue.ts';
import type { AgenticSession as Shape } from '../../model/session.ts';
import { runOf } from '../../sessions/run/run-objects.ts';
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
      'The last lines of the log of the newest pod: fewer than `tailLines` if these have more than 1,048,576 bytes. It is null if there is no pod, if the container has printed nothing yet, or with `previous` if it was not restarted.',
    args: {
      tailLines: t.arg.int({
        defaultValue: DEFAULT_TAIL_LINES,
        description: `The number of lines at the end of the log, from 1 to ${MAX_TAIL_LINES}, else BAD_USER_INPUT.`,
      }),
      container: t.arg.string({ description: CONTAINER }),
      previous: t.arg.boolean({
        description: 'Whether to read the log of the container as it was before its last restart.',
      }),
      sinceTime: t.arg({
        type: 'DateTime',
        description:
          'Only lines from this time on, of which the last `tailLines` are returned. Kubernetes ignores fractions of a second.',
      }),
      timestamps: t.arg.boolean({
        description:
          'Whether each line begins with the time when the container printed it, as RFC 3339 writes it, and a space.',
      }),
      pod: t.arg.string({
        description:
          'The name of one of `pods`, else BAD_USER_INPUT. The default is the newest pod, of all runs or of `run`.',
      }),
      run: t.arg.int({
        description:
          'The number of a run, `Job.run` or `Pod.run`: at least 1, else BAD_USER_INPUT. The log is null if the run has no pod, or no pod any more.',
      }),
    },
    complexity: LOG_COST,
    resolve: (session, args, context) => readLogs(session, args, context),
  }),
);

interface LogArguments {
  tailLines?: number | null | undefined;
  container?: string | null | undefined;
  previous?: boolean | null | undefined;
  sinceTime?: string | null | undefined;
  timestamps?: boolean | null | undefined;
  pod?: string | null | undefined;
  run?: number | null | undefined;
}

async function readLogs(
  session: Shape,
  { tailLines, container, previous, sinceTime, timestamps, ...which }: LogArguments,
  { loaders, reader }: Context,
): Promise<string | null> {
  const lines = tailLines ?? DEFAULT_TAIL_LINES;
  assertTailLines(lines, 1);
  if (which.run != null && which.run < 1)
    throw new BadUserInput([{ path: 'run', message: 'must be at least 1' }]);
  const pod = podOf(await loaders.pods.load(session), which);
  if (!pod) return null;
  try {
    // For a pod without a node the API server returns an empty log.
    const log = await newestLines(reader, pod, {
      tailLines: lines,
      container: logContainerOf(pod, container),
      limitBytes: MAX_LOG_BYTES,
      ...(previous && { previous }),
      ...(sinceTime && { sinceTime }),
      ...(timestamps && { timestamps }),
    });
    return log || null;
  } catch (error) {
    // 404: the pod was deleted in the meantime. 400 for an existing container: it has not started, or not been restarted.
    const hasNoLog = error instanceof KubernetesError && (error.isNotFound || error.statusCode === 400);
    if (hasNoLog) return null;
    throw error;
  }
}

/** The pod that is asked for. @param pods newest first */
function podOf(pods: Pod[], { pod: name, run }: Pick<LogArguments, 'pod' | 'run'>): Pod | undefined {
  const ofRun = run == null ? pods : pods.filter((pod) => runOf(pod) === run);
  if (name == null) return ofRun[0];
  const found = ofRun.find(({ metadata }) => metadata.name === name);
  if (found) return found;
  const names = ofRun.slice(0, MAX_NAMES).map(({ metadata }) => metadata.name);
  const accepted = names.length > 0 ? `must be one of ${names.join(', ')}` : 'is not known: there is no pod';
  throw new BadUserInput([{ path: 'pod', message: accepted }]);
}

/** In an error. */
const MAX_NAMES = 10;

/** Beyond the limit of bytes the cluster leaves out the newest lines, so fewer lines are requested until all of them fit. */
async function newestLines(
  reader: Reader,
  { metadata: { namespace = '', name } }: Pod,
  options: LogOptions,
): Promise<string> {
  for (let lines = options.tailLines; ; ) {
    const text = await reader.log(namespace, name, { ...options, tailLines: lines });
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
        'Without ANSI escape sequences, but for those that `styles` keeps, and without control characters; with U+FFFD in place of bytes that are not UTF-8. A line of more than 16,384 bytes is cut, and its text says so.',
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
      styles: t.arg.boolean({
        defaultValue: false,
        description:
          'Whether `LogLine.text` keeps the ANSI escape sequences for colours, bold and the like (SGR: ESC `[` … `m`).',
      }),
    },
    complexity: LOG_COST,
    subscribe: (_, { project, name, tailLines, container, sinceTime, styles }, context) => {
      const namespace = parseNamespace(project, 'project');
      const session = parseName(name, 'name');
      const lines = tailLines ?? DEFAULT_TAIL_LINES;
      assertTailLines(lines, 0);
      return context.followLogs({
        namespace,
        runs: (live) => sessionRuns(live, namespace, session),
        container: container == null ? undefined : parseContainer(container, 'container'),
        start: sinceTime ? { sinceTime } : { tailLines: lines },
        styles: styles === true,
      });
    },
    resolve: (chunk) => chunk,
  }),
);

function assertTailLines(tailLines: number, minimum: number): void {
  if (tailLines >= minimum && tailLines <= MAX_TAIL_LINES) return;
  throw new BadUserInput([{ path: 'tailLines', message: `must be from ${minimum} to ${MAX_TAIL_LINES}` }]);
}

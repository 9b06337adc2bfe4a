import type { CallIdentity } from './call-identity.ts';
import type { CallObserver, CallOutcome, ObservedCall, SentCall } from './call-observer.ts';
import { type KubectlOptions, kubectlCommand, typeOf } from './kubectl/command.ts';
import { type KubectlCommand, renderCommand } from './kubectl/shell.ts';
import type { ResourceAttributes } from './resource-attributes.ts';
import { NAMESPACES } from './resources.ts';

/** A call to the cluster, for the developer of a client: docs/developer-trace.md. */
export interface UpstreamCall {
  auditId: string;
  /** Whose credentials the call had: the caller's, or those of Writ's own service account. */
  identity: CallIdentity;
  /** As RBAC knows it: get, list, watch, create, update, patch, delete. */
  verb: string;
  /** Empty for the core group. Null, as the fields below, for a call that is about no object, such as discovery. */
  group: string | null;
  /** In the plural. */
  resource: string | null;
  subresource: string | null;
  namespace: string | null;
  /** Null for a list, and for an object whose name the cluster generates. */
  name: string | null;
  method: string;
  /** With the query string. */
  path: string;
  /** Of HTTP. Null if no response has arrived. */
  status: number | null;
  /** Why the response is missing or incomplete: a code such as ECONNREFUSED. Null if it is complete. */
  errorType: string | null;
  /** Milliseconds since the operation began. */
  startedAtMs: number;
  /** Milliseconds until the response was complete; of a watch or a followed log, until it began. Null if it has not ended. */
  durationMs: number | null;
  /** Of the response's body. Null for a stream, and if it is not known. */
  bytes: number | null;
  /** The kubectl command that does the same, for a POSIX shell. It can have several lines. */
  command: string;
}

/** The last item of a list from which calls were left out. */
export interface OmittedCalls {
  omitted: number;
}

export type Upstream = (UpstreamCall | OmittedCalls)[];

export interface CallTraceOptions extends KubectlOptions {
  /** When the operation began: `performance.now()`. */
  startedAt: number;
  /** The flags of kubectl with which it runs as this identity or, of `administrator`, as one that may also read. */
  flagsOf(identity: CallIdentity | 'administrator'): readonly string[];
}

interface Entry {
  call: Omit<UpstreamCall, 'command'>;
  command: KubectlCommand;
  size: number;
  hasEnded: boolean;
}

const MAX_CALLS = 500;
const MAX_BYTES = 256 * 1024;
/** Of an item besides its path and its command. */
const ITEM_BYTES = 400;
const IGNORED: ObservedCall = { ended: () => {} };

/** Collects the calls of one operation, up to a limit of calls and bytes. */
export class CallTrace implements CallObserver {
  readonly #options: CallTraceOptions;
  #entries: Entry[] = [];
  #bytes = 0;
  #omitted = 0;
  #isClosed = false;

  constructor(options: CallTraceOptions) {
    this.#options = options;
  }

  sent(sent: SentCall): ObservedCall {
    if (this.#isClosed) return IGNORED;
    if (this.#entries.length >= MAX_CALLS) return this.#omit();
    const command = kubectlCommand(sent, this.#options);
    const size = ITEM_BYTES + sent.path.length + sizeOf(command);
    if (this.#bytes + size > MAX_BYTES) return this.#omit();
    const entry = { call: this.#describe(sent), command, size, hasEnded: false };
    this.#entries.push(entry);
    this.#bytes += size;
    return {
      ended: (outcome) => {
        entry.hasEnded = true;
        Object.assign(entry.call, outcomeOf(outcome));
      },
    };
  }

  /**
   * The calls that have ended since they were last taken, in order of sending.
   *
   * @param unfinished whether those that have not ended are taken too
   */
  take({ unfinished }: { unfinished: boolean }): Upstream {
    const { flagsOf } = this.#options;
    const { true: taken = [], false: kept = [] } = Object.groupBy(
      this.#entries,
      ({ hasEnded }) => `${hasEnded || unfinished}` as const,
    );
    this.#entries = kept;
    for (const { size } of taken) this.#bytes -= size;
    const omitted = this.#omitted;
    this.#omitted = 0;
    return [
      ...taken.map(({ call, command }) => ({
        ...call,
        command: commandLine(call.identity, command, flagsOf),
      })),
      ...(omitted > 0 ? [{ omitted }] : []),
    ];
  }

  /** The operation has ended. What it has begun for others, such as a feed, can go on. */
  close(): void {
    this.#isClosed = true;
    this.#entries = [];
  }

  #omit(): ObservedCall {
    this.#omitted += 1;
    return IGNORED;
  }

  #describe(sent: SentCall): Omit<UpstreamCall, 'command'> {
    const { auditId, identity, method, path, attributes } = sent;
    const isOfObject = typeOf(sent, this.#options.types) !== undefined;
    const { verb, group, resource, subresource, namespace, name } = isOfObject
      ? { ...attributes, namespace: namespaceOf(attributes), name: attributes.name ?? nameIn(sent) }
      : { ...NO_OBJECT, verb: attributes.verb };
    return {
      auditId,
      identity,
      verb,
      group,
      resource,
      subresource: subresource ?? null,
      namespace: namespace ?? null,
      name: name ?? null,
      method,
      path,
      status: null,
      errorType: null,
      startedAtMs: milliseconds(performance.now() - this.#options.startedAt),
      durationMs: null,
      bytes: null,
    };
  }
}

/** Writ's own identity may not read what kubectl reads before it patches. */
function commandLine(
  identity: CallIdentity,
  { notes = [], ...command }: KubectlCommand,
  flagsOf: CallTraceOptions['flagsOf'],
): string {
  if (identity !== 'backend' || !command.readsFirst) {
    const flags = flagsOf(identity);
    const isUnnamed = identity === 'backend' && flags.length === 0;
    const asWhom = isUnnamed ? ['Writ has made this call with its own identity.'] : [];
    return renderCommand({ ...command, notes: [...asWhom, ...notes] }, flags);
  }
  const note = "kubectl reads the object first, which Writ's own identity may not: for an administrator.";
  return renderCommand({ ...command, notes: [note, ...notes] }, flagsOf('administrator'));
}

const NO_OBJECT = { group: null, resource: null, subresource: null, namespace: null, name: null };

/** As authorizers and the audit log see it: a namespace is in itself. */
function namespaceOf({ group, resource, namespace, name }: ResourceAttributes): string | undefined {
  return group === NAMESPACES.group && resource === NAMESPACES.resource ? name : namespace;
}

/** Of an object that is created. */
function nameIn({ method, body }: SentCall): string | null {
  const { metadata } = (body ?? {}) as { metadata?: { name?: unknown } };
  return method === 'POST' && typeof metadata?.name === 'string' ? metadata.name : null;
}

function outcomeOf({ statusCode, errorType, responseBytes, durationMs }: CallOutcome) {
  return {
    status: statusCode ?? null,
    errorType: errorType ?? null,
    bytes: responseBytes ?? null,
    durationMs: milliseconds(durationMs),
  };
}

function milliseconds(value: number): number {
  return Math.round(value * 10) / 10;
}

function sizeOf({ args, stdin = '' }: KubectlCommand): number {
  return args.reduce((sum, arg) => sum + arg.length + 1, stdin.length);
}

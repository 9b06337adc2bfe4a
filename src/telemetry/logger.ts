import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

import { readableLine } from './readable-lines.ts';

export type { Logger } from 'pino';

/** The part of a logger that the controller uses. */
export interface ComponentLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: object): ComponentLogger;
}

interface CreateLoggerOptions {
  level: LoggerOptions['level'] & string;
  /** Standard output by default. */
  destination?: DestinationStream;
}

const terminal: DestinationStream = {
  write: (line) => void process.stdout.write(readableLine(line)),
};

const REDACTED = ['headers', 'rawHeaders', 'variables'].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * A logger of JSON lines, with the names of levels and times by RFC 3339; on a terminal, of lines that a person reads. No code
 * may log a credential. If some does, redaction by key and a filter on the finished line keep it out of the log.
 */
export function createLogger({ level, destination }: CreateLoggerOptions): Logger {
  const options: LoggerOptions = {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: serializeError, error: serializeError },
    hooks: { streamWrite: redactLine },
  };
  if (destination) return pino(options, destination);
  return process.stdout.isTTY ? pino(options, terminal) : pino(options);
}

// They match in the finished line: keys at any depth, and text in messages and stacks.
const CREDENTIAL_KEY =
  /"((?:proxy-)?authorization|(?:set-)?cookie|x-forwarded-access-token|[\w-]*token|password|secret)":"(?:[^"\\]|\\.)*"/gi;
const BEARER = /(?:\b|(?<=\\[nrt]))Bearer(\s+|%20|\+)(?!token\b)[\w\-.~+/]+=*/gi;
/** What a JWT can be in: it has three parts, which dots separate. */
const WORD = /[\w.-]+/g;

/** Redacts what looks like a credential. */
function redactLine(line: string): string {
  const redacted = line.replace(CREDENTIAL_KEY, '"$1":"[redacted]"').replace(BEARER, 'Bearer [redacted]');
  return redacted.includes('eyJ') ? redacted.replace(WORD, withoutJwts) : redacted;
}

/** Part by part: one expression for all three would read a line of beginnings to its end from each of them. */
function withoutJwts(word: string): string {
  const parts = word.split('.');
  const kept: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const begun = part.search(/eyJ./);
    const isJwt = begun >= 0 && parts[index + 1] && parts[index + 2] !== undefined;
    kept.push(isJwt ? `${part.slice(0, begun)}[redacted]` : part);
    if (isJwt) index += 2;
  }
  return kept.join('.');
}

/** Pino's own serializer copies all properties of an error, which may be the headers and bodies of an HTTP call. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error))
    return { message: typeof error === 'string' ? error : `thrown: ${typeof error}` };
  const { name, message, stack, cause } = error;
  return { type: name, message, stack, ...(cause instanceof Error && { cause: serializeError(cause) }) };
}

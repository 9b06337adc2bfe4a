import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** The part of a logger that the controller uses. */
export interface ComponentLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: object): ComponentLogger;
}

export interface CreateLoggerOptions {
  level: LoggerOptions['level'] & string;
  /** Standard output, if absent. */
  destination?: DestinationStream;
}

const REDACTED = ['headers', 'rawHeaders', 'variables'].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * JSON lines. Nobody is meant to log a credential; should somebody, redaction by key and a censor over the
 * finished line keep it out of the log.
 */
export function createLogger({ level, destination }: CreateLoggerOptions): Logger {
  const options: LoggerOptions = {
    level,
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: serializeError, error: serializeError },
    hooks: { streamWrite: censor },
  };
  return destination ? pino(options, destination) : pino(options);
}

// The finished line, not the object: keys at any depth, and text inside of messages and stacks.
const CREDENTIAL_KEY =
  /"((?:proxy-)?authorization|(?:set-)?cookie|x-forwarded-access-token|[\w-]*token|password|secret)":"(?:[^"\\]|\\.)*"/gi;
const BEARER = /\bBearer(\s+|%20|\+)(?!token\b)[\w\-.~+/]+=*/gi;
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** The line without anything that looks like a bearer token. */
export function censor(line: string): string {
  return line
    .replace(CREDENTIAL_KEY, '"$1":"[redacted]"')
    .replace(BEARER, 'Bearer [redacted]')
    .replace(JWT, '[redacted]');
}

/** Pino's own serializer copies every property of an error, which for an HTTP client's are headers and bodies. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error))
    return { message: typeof error === 'string' ? error : `thrown: ${typeof error}` };
  const { name, message, stack, cause } = error;
  return { type: name, message, stack, ...(cause instanceof Error && { cause: serializeError(cause) }) };
}

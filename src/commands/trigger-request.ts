import { readFile } from 'node:fs/promises';
import type { TriggerConfig } from '../config/trigger-config.ts';

/** What one request has come to. */
export type TriggerResult =
  | { kind: 'answered'; outcome: string; sessionName: string | null }
  /** For good: another request would be refused too. */
  | { kind: 'refused'; code: string; message: string }
  /** It is worth sending again, after `afterMs` at the earliest if Writ has said so. */
  | { kind: 'failed'; reason: string; afterMs?: number };

/** The document of the request. Writ executes it, whatever operations it is told to. */
export const TRIGGER_OPERATION = `mutation ($input: RunScheduledSessionInput!) {
  runScheduledSession(input: $input) { outcome sessionName }
}`;

const REFUSED_FOR_GOOD = ['FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND', 'CONFLICT'];
const MAX_MESSAGE_LENGTH = 500;
const MAX_BYTES = 64 * 1_024;

interface GraphQLResponse {
  data?: { runScheduledSession?: { outcome: string; sessionName: string | null } | null } | null;
  errors?: { message?: unknown; extensions?: { code?: unknown; retryAfterSeconds?: unknown } }[];
}

/** Sends the mutation once, with the token that the file has now: the kubelet renews it. */
export async function sendTrigger(config: TriggerConfig, signal: AbortSignal): Promise<TriggerResult> {
  let response: Response;
  let text: string;
  try {
    const token = (await readFile(config.tokenFile, 'utf8')).trim();
    response = await fetch(config.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-writ-csrf': '1', ...tokenHeader(config, token) },
      body: JSON.stringify({ query: TRIGGER_OPERATION, variables: { input: inputOf(config) } }),
      // The token is for this address alone.
      redirect: 'error',
      signal,
    });
    text = await boundedText(response);
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) };
  }
  const { data, errors } = parse(text);
  const done = data?.runScheduledSession;
  if (done) return { kind: 'answered', ...done };
  const [error] = errors ?? [];
  const code = String(error?.extensions?.code ?? `HTTP ${response.status}`);
  const message = String(error?.message ?? '').slice(0, MAX_MESSAGE_LENGTH);
  if (REFUSED_FOR_GOOD.includes(code)) return { kind: 'refused', code, message };
  const seconds = Number(error?.extensions?.retryAfterSeconds ?? response.headers.get('retry-after') ?? 0);
  return {
    kind: 'failed',
    reason: message ? `${code}: ${message}` : code,
    ...(seconds > 0 && { afterMs: seconds * 1_000 }),
  };
}

function inputOf({ namespace, schedule, job }: TriggerConfig) {
  return { project: namespace, name: schedule, job };
}

function tokenHeader({ tokenHeader }: TriggerConfig, token: string): Record<string, string> {
  return { [tokenHeader]: tokenHeader === 'authorization' ? `Bearer ${token}` : token };
}

/** Something else than Writ may answer, with anything. */
async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): GraphQLResponse {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The code of Node alone: a message could repeat a header. */
function reasonOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  // That of a DOMException is a number.
  const text = [cause?.code, code, name].find((value) => typeof value === 'string');
  return text === undefined ? 'unknown' : String(text);
}

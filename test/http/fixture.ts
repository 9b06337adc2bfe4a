import { once } from 'node:events';
import { createServer, type Server } from '../../src/http/server.ts';
import type { ServerDependencies } from '../../src/http/server-dependencies.ts';
import { createLogger, type Logger } from '../../src/telemetry/logger.ts';
import { DESCRIBE, inTest, started } from '../support/hooks.ts';
import { createProbe, createSchema, type Probe } from './schema.ts';

export interface Started {
  url: string;
  origin: string;
  server: Server;
  probe: Probe;
  /** The log so far, parsed. */
  log: Record<string, unknown>[];
  /** Resolves with the next line of the log that `wanted` accepts. */
  logged(wanted: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

/** A server for the tests of a file or describe. */
export function startServer(deps: Partial<ServerDependencies> = {}, hooks = DESCRIBE): Started {
  const probe = createProbe();
  const { logger, log, logged } = memoryLog();
  const server = createServer({ schema: createSchema(probe), logger, port: 0, ...deps });
  const listening = started(
    hooks,
    () => server.listen(),
    () => {
      probe.release();
      return server.close(0);
    },
  );
  return {
    get url() {
      return listening().url;
    },
    get origin() {
      return new URL(listening().url).origin;
    },
    server,
    probe,
    log,
    logged,
  };
}

/** A server for one test. */
export function start(deps: Partial<ServerDependencies> = {}): Promise<Started> {
  return inTest(startServer, deps);
}

export function memoryLog(): { logger: Logger; log: Record<string, unknown>[]; logged: Started['logged'] } {
  const log: Record<string, unknown>[] = [];
  const lines = new EventTarget();
  const write = (text: string) => {
    log.push(JSON.parse(text));
    lines.dispatchEvent(new Event('line'));
  };
  const logged: Started['logged'] = async (wanted) => {
    for (;;) {
      const line = log.find(wanted);
      if (line) return line;
      await once(lines, 'line');
    }
  };
  return { logger: createLogger({ level: 'info', destination: { write } }), log, logged };
}

export interface GraphQLBody {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[];
}

export interface Operation {
  query?: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: Record<string, unknown>;
}

export async function post(
  url: string,
  operation: Operation | string,
  headers: Record<string, string> = {},
): Promise<{ response: Response; body: GraphQLBody }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof operation === 'string' ? operation : JSON.stringify(operation),
  });
  return { response, body: (await response.json()) as GraphQLBody };
}

export function getUrl(url: string, { query, variables, operationName, extensions }: Operation): string {
  const address = new URL(url);
  if (query !== undefined) address.searchParams.set('query', query);
  if (variables) address.searchParams.set('variables', JSON.stringify(variables));
  if (operationName) address.searchParams.set('operationName', operationName);
  if (extensions) address.searchParams.set('extensions', JSON.stringify(extensions));
  return address.href;
}

export function codes(body: GraphQLBody): unknown[] {
  return (body.errors ?? []).map(({ extensions }) => extensions.code);
}

/** The events of a stream that ends. */
export async function events(
  response: Response,
): Promise<{ event: string; data: GraphQLBody | undefined }[]> {
  return (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('event:'))
    .map((block) => {
      const event = /^event: (.*)$/m.exec(block)?.[1] ?? '';
      const data = /^data: (.+)$/m.exec(block)?.[1];
      return { event, data: data === undefined ? undefined : (JSON.parse(data) as GraphQLBody) };
    });
}

/** The first event of a stream that need not end. */
export async function firstEvent(response: Response): Promise<GraphQLBody> {
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const data = /^data: (.+)\n\n/m.exec(text)?.[1];
    if (data !== undefined) return JSON.parse(data) as GraphQLBody;
  }
  throw new Error('The stream ended without an event');
}

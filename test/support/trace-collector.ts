import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { eventually } from './eventually.ts';
import { decodeProtobuf } from './protobuf.ts';

/** A span as it was exported: https://github.com/open-telemetry/opentelemetry-proto */
export interface ExportedSpan {
  traceId: string;
  spanId: string;
  /** Empty for the root of a trace. */
  parentSpanId: string;
  traceState: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'other';
  attributes: Record<string, string | number>;
  links: { traceId: string; spanId: string }[];
  isError: boolean;
  resource: Record<string, string | number>;
}

/** Exports soon, so that tests need not wait. */
const SOON = { OTEL_BSP_SCHEDULE_DELAY: '20' };

/**
 * An OpenTelemetry collector, which takes traces by OTLP over HTTP as protobuf. It listens for the tests of the file, from
 * before its first hook: the settings of a Writ have its port.
 */
export async function startCollector() {
  const spans: ExportedSpan[] = [];
  const bodies: Buffer[] = [];
  const headers: IncomingHttpHeaders[] = [];
  /** How it answers; `hang`: never. */
  const answers: { status: number | 'hang' } = { status: 200 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      headers.push(request.headers);
      bodies.push(body);
      if (answers.status === 'hang') return;
      if (answers.status === 200 && request.url === '/v1/traces') spans.push(...spansOf(body));
      response.writeHead(answers.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  return {
    spans,
    bodies,
    headers,
    answers,
    /** The settings of a Writ that exports to it. */
    environment: (more: Record<string, string> = {}) => ({
      ...SOON,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      ...more,
    }),
    /** The spans of the trace that has the span of this request, once its HTTP span has arrived, which ends last. */
    async traceOf(requestId: string | null): Promise<ExportedSpan[]> {
      const root = await eventually(() => {
        const found = spans.find(
          ({ kind, attributes }) => kind === 'server' && attributes['writ.request_id'] === requestId,
        );
        if (!found) throw new Error(`no trace of ${requestId} among ${spans.length} spans`);
        return found;
      });
      return spans.filter(({ traceId }) => traceId === root.traceId);
    },
  };
}

const KINDS = ['other', 'internal', 'server', 'client'] as const;

function spansOf(body: Buffer): ExportedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const [resource = Buffer.alloc(0)] = messages(resourceSpans, 1);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => spanOf(span, attributesOf(resource, 1))),
    );
  });
}

function spanOf(bytes: Buffer, resource: ExportedSpan['resource']): ExportedSpan {
  const hex = (number: number, of = bytes) => messages(of, number)[0]?.toString('hex') ?? '';
  const text = (number: number) => messages(bytes, number)[0]?.toString() ?? '';
  const kind = decodeProtobuf(bytes).find(([number]) => number === 6)?.[1];
  const [status = Buffer.alloc(0)] = messages(bytes, 15);
  return {
    traceId: hex(1),
    spanId: hex(2),
    traceState: text(3),
    parentSpanId: hex(4),
    name: text(5),
    kind: KINDS[Number(kind)] ?? 'other',
    attributes: attributesOf(bytes, 9),
    links: messages(bytes, 13).map((link) => ({ traceId: hex(1, link), spanId: hex(2, link) })),
    isError: decodeProtobuf(status).some(([number, value]) => number === 3 && value === 2),
    resource,
  };
}

function messages(bytes: Buffer, number: number): Buffer[] {
  return decodeProtobuf(bytes).flatMap(([field, value]) =>
    field === number && Buffer.isBuffer(value) ? [value] : [],
  );
}

function attributesOf(bytes: Buffer, number: number): Record<string, string | number> {
  return Object.fromEntries(
    messages(bytes, number).map((pair) => {
      const [key, value] = decodeProtobuf(pair).map(([, content]) => content as Buffer);
      const [content] = decodeProtobuf(value as Buffer).map(([, any]) => any);
      return [`${key}`, Buffer.isBuffer(content) ? content.toString() : Number(content)];
    }),
  );
}

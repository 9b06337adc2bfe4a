// biome-ignore lint/suspicious/noExplicitAny: the data of any operation
type Result = { data?: any; errors?: { extensions: Record<string, unknown>; message: string }[] };

export interface EventStream {
  response: { status: number; headers: Headers };
  /** The next result. Throws if the stream has ended. */
  next(): Promise<Result>;
  close(): void;
}

/** An operation over SSE (GraphQL over SSE, distinct connections mode). */
export async function openEventStream(
  url: string,
  operation: object,
  headers: Record<string, string>,
): Promise<EventStream> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(operation),
    signal: leaving.signal,
  });
  const results = resultsOf(response);
  return {
    response: { status: response.status, headers: response.headers },
    async next() {
      const { done, value } = await results.next();
      if (done) throw new Error('the stream has ended');
      return value;
    },
    close: () => leaving.abort(),
  };
}

async function* resultsOf({ body }: Response): AsyncGenerator<Result, undefined> {
  let text = '';
  for await (const chunk of (body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      if (event.startsWith('event: complete')) return undefined;
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
  return undefined;
}

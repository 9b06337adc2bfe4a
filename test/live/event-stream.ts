import type { Who } from '../support/test-cluster.ts';
import type { startWrit } from '../support/writ.ts';

// biome-ignore lint/suspicious/noExplicitAny: the data of any operation
type Result = { data?: any; errors?: { extensions: Record<string, unknown>; message: string }[] };

export interface EventStream {
  /** The next result. Throws if the stream has ended. */
  next(): Promise<Result>;
  close(): void;
}

/** A subscription over SSE (GraphQL over SSE, distinct connections mode). */
export async function subscribeTo(
  writ: ReturnType<typeof startWrit>,
  who: Who,
  query: string,
  variables: object = {},
): Promise<EventStream> {
  const leaving = new AbortController();
  const response = await fetch(writ.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${writ.sandbox.identities[who].token}`,
    },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  const results = resultsOf(response);
  return {
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

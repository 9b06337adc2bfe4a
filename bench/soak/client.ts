import { Agent, request } from 'undici';

export interface Result {
  // biome-ignore lint/suspicious/noExplicitAny: as the operation asks for it
  data?: any;
  /** OK, the code of the first error, or NO_RESPONSE. */
  code: string;
  ms: number;
}

export type Send = (query: string, variables?: object) => Promise<Result>;

/** Sends operations with one token, over connections of its own. */
export function clientOf(url: string, token: string): Send {
  const dispatcher = new Agent({ connections: 4 });
  return async (query, variables = {}) => {
    const startedAt = performance.now();
    const timed = (result: Omit<Result, 'ms'>) => ({ ...result, ms: performance.now() - startedAt });
    try {
      const { body } = await request(url, {
        method: 'POST',
        dispatcher,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await body.json()) as {
        data?: unknown;
        errors?: { extensions?: { code?: string } }[];
      };
      return timed({ data, code: errors ? (errors[0]?.extensions?.code ?? 'UNCODED') : 'OK' });
    } catch {
      return timed({ code: 'NO_RESPONSE' });
    }
  };
}

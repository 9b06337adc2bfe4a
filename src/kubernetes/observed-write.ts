import type { ResourceAttributes } from './resource-attributes.ts';

/** How a write has ended: with the body of its response, or with an error. */
export type WriteOutcome = { body: string } | { error: unknown };

/** Told of a write before it is sent. What it returns is called when the write has ended. */
export type OnWrite = (attributes: ResourceAttributes) => (outcome: WriteOutcome) => void;

interface Write {
  attributes: ResourceAttributes;
  scope: { onWrite?: OnWrite | undefined };
}

/** Tells the scope of a write of it, and how it has ended. */
export async function observedWrite(
  { scope, attributes }: Write,
  send: () => Promise<string>,
): Promise<string> {
  const ended = scope.onWrite?.(attributes);
  if (!ended) return send();
  try {
    const body = await send();
    ended({ body });
    return body;
  } catch (error) {
    ended({ error });
    throw error;
  }
}

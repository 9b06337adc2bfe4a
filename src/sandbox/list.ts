import type { Fields, KubeObject } from './objects.ts';
import { type Registry, typeMeta } from './registry.ts';
import type { Resource } from './resources.ts';
import { selector } from './selectors.ts';
import { badRequest, expired, StatusError } from './status.ts';

interface ContinueToken {
  /** The revision that the pages show; -1 in the token of a 410: the present. */
  rv: number;
  start: string;
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** A list, or the page of it that `limit` and `continue` ask for: all pages show the revision of the first. */
export function listPage(
  registry: Registry,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
): Fields & { items: KubeObject[] } {
  const { store } = registry;
  const matches = selector(resource, query);
  const limit = wholeNumber(query, 'limit');
  const token = parseContinue(query.get('continue'));
  if (token && token.rv >= 0 && !store.remembers(token.rv)) {
    throw expired(tooOld, formatContinue({ ...token, rv: -1 }));
  }
  refuseFuture(wholeNumber(query, 'resourceVersion'), store.revision);
  const revision = token && token.rv >= 0 ? token.rv : store.revision;
  const rows = store.list(resource, namespace, revision === store.revision ? undefined : revision);
  const rest = rows.filter(([key, object]) => key > (token?.start ?? '') && matches(object));
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const last = page.at(-1);
  const more = rest.length - page.length;
  const metadata = {
    resourceVersion: String(revision),
    ...(last && more > 0 && { continue: formatContinue({ rv: revision, start: last[0] }) }),
    // Kubernetes cannot count what a selector leaves.
    ...(more > 0 &&
      !query.get('labelSelector') &&
      !query.get('fieldSelector') && { remainingItemCount: more }),
  };
  const { apiVersion, kind } = typeMeta(resource);
  return { kind: `${kind}List`, apiVersion, metadata, items: page.map(([, object]) => object) };
}

function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) || '0';
  if (!/^\d+$/.test(text)) throw badRequest(`invalid ${name}: ${JSON.stringify(text)}`);
  return Number(text);
}

function refuseFuture(asked: number, current: number): void {
  if (asked <= current) return;
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  throw new StatusError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 });
}

function parseContinue(text: string | null): ContinueToken | undefined {
  if (!text) return undefined;
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<ContinueToken>;
    if (Number.isInteger(token.rv) && typeof token.start === 'string') return token as ContinueToken;
  } catch {
    // Answered like every other token that is not ours.
  }
  throw badRequest('continue key is not valid: the token was not made by this server');
}

function formatContinue(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

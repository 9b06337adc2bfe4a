import type { Fields, KubeObject } from '../objects.ts';
import { badRequest, expired, StatusError } from '../status.ts';
import type { Registry } from '../storage/registry.ts';
import type { Resource } from '../storage/resources.ts';
import { typeMeta } from '../storage/type-meta.ts';
import { wholeNumber } from './query.ts';
import { selector } from './selectors.ts';

interface ContinueToken {
  /** The revision of all pages; -1 (no token, or the token of a 410) is the latest. */
  rv: number;
  start: string;
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** A list, or its page according to `limit` and `continue`. All pages show the revision of the first. */
export function listPage(
  registry: Registry,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
): Fields & { items: KubeObject[] } {
  const { store } = registry;
  const matches = selector(resource, query);
  const limit = wholeNumber(query, 'limit');
  const { rv, start } = parseContinue(query.get('continue'));
  if (rv >= 0 && !store.isAvailable(rv)) throw expired(tooOld, formatContinue({ rv: -1, start }));
  checkRevision(wholeNumber(query, 'resourceVersion'), store.revision);
  const revision = rv >= 0 ? rv : store.revision;
  const rows = store.list(resource, namespace, revision);
  const rest = rows.filter(([key, object]) => key > start && matches(object));
  const page = limit > 0 ? rest.slice(0, limit) : rest;
  const last = page.at(-1);
  const more = rest.length - page.length;
  const metadata = {
    resourceVersion: String(revision),
    ...(last && more > 0 && { continue: formatContinue({ rv: revision, start: last[0] }) }),
    // Like Kubernetes, no count if a selector is set.
    ...(more > 0 &&
      !query.get('labelSelector') &&
      !query.get('fieldSelector') && { remainingItemCount: more }),
  };
  const { apiVersion, kind } = typeMeta(resource);
  return { kind: `${kind}List`, apiVersion, metadata, items: page.map(([, object]) => object) };
}

function checkRevision(requested: number, current: number): void {
  if (requested <= current) return;
  const message = `Timeout: Too large resource version: ${requested}, current: ${current}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  throw new StatusError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 });
}

function parseContinue(text: string | null): ContinueToken {
  if (!text) return { rv: -1, start: '' };
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<ContinueToken>;
    if (Number.isInteger(token.rv) && typeof token.start === 'string') return token as ContinueToken;
  } catch {
    // Refused like any other token that was not issued here.
  }
  throw badRequest('continue key is not valid: the token was not issued by this server');
}

function formatContinue(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

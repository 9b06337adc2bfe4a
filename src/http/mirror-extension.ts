import type { ExecutionResult } from 'graphql';
import { isResourceVersion } from '../kubernetes/resource-version.ts';
import type { Consistency } from '../mirror/mirrors.ts';
import { badRequest } from './bad-request.ts';
import type { ServerContext } from './request-state.ts';

const RULE =
  '"extensions.mirror" must be {"fresh": true} or {"resourceVersion": "…"}, with a resourceVersion of the cluster';

/** What `extensions.mirror` of a request asks for. BAD_REQUEST if it is anything else. */
export function consistencyOf(extensions: unknown): Consistency {
  const { mirror } = (extensions ?? {}) as { mirror?: unknown };
  if (mirror === undefined || mirror === null) return {};
  if (typeof mirror !== 'object') throw badRequest(RULE);
  const { fresh, resourceVersion, ...others } = mirror as Record<string, unknown>;
  const isKnown =
    Object.keys(others).length === 0 &&
    (fresh === undefined || typeof fresh === 'boolean') &&
    (resourceVersion === undefined ||
      (typeof resourceVersion === 'string' && isResourceVersion(resourceVersion)));
  if (!isKnown) throw badRequest(RULE);
  return {
    ...(fresh === true && { fresh }),
    ...(typeof resourceVersion === 'string' && { resourceVersion }),
  };
}

/** Adds which collections were read from a mirror, and at which version. */
export function withMirror(result: ExecutionResult, { state: { mirrored } }: ServerContext): ExecutionResult {
  if (mirrored.size === 0) return result;
  return { ...result, extensions: { ...result.extensions, mirror: [...mirrored.values()] } };
}

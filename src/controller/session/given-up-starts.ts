import { isDeepStrictEqual } from 'node:util';
import type { RunTemplate } from '../../model/run-template.ts';
import type { AgenticSession } from '../../model/session.ts';
import type { RunReason } from '../../sessions/status/run-reason.ts';

interface GivenUp {
  /** What the session was: a change can let the next attempt succeed. */
  session: object;
  template: RunTemplate;
  runCreated: RunReason;
  /** `performance.now()` of the next attempt. */
  until: number;
}

/**
 * The starts whose run cannot be created, as the cluster has said. They are attempted again when the session changes (its
 * generation, or an annotation that starts or stops it), when the administrator's template changes, or after a long time: quotas
 * and policies change too.
 */
export class GivenUpStarts {
  readonly #retryMs: number;
  readonly #givenUp = new Map<string, GivenUp>();

  constructor(retryMs: number) {
    this.#retryMs = retryMs;
  }

  forget(key: string): void {
    this.#givenUp.delete(key);
  }

  add(key: string, session: AgenticSession, template: RunTemplate, runCreated: RunReason): void {
    const until = performance.now() + this.#retryMs;
    this.#givenUp.set(key, { session: identityOf(session), template, runCreated, until });
  }

  /** Undefined if the start has not been given up, or is to be attempted now. */
  find(
    key: string,
    session: AgenticSession,
    template: RunTemplate,
  ): { runCreated: RunReason; remainingMs: number } | undefined {
    const known = this.#givenUp.get(key);
    if (!known) return undefined;
    const remainingMs = known.until - performance.now();
    const isSame = known.template === template && isDeepStrictEqual(known.session, identityOf(session));
    return isSame && remainingMs > 0 ? { runCreated: known.runCreated, remainingMs } : undefined;
  }
}

/** Of the cached session: the cache has only the annotations that Writ interprets. */
function identityOf({ metadata: { generation, annotations } }: AgenticSession) {
  return { generation, annotations };
}

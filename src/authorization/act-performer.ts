import { Timeout } from '../errors.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import { observedScope } from '../kubernetes/scope.ts';
import { SentCalls } from '../kubernetes/sent-calls.ts';
import { audited } from '../telemetry/audit.ts';
import type { BackendCluster, WriteContext } from './backend-cluster.ts';
import { type Act, GRANTS, type Target } from './grants.ts';
import type { WritTerms } from './writ-terms.ts';

/** The capability to issue Writs. Only authorize.ts uses it, and no other folder may import it. */
export const ISSUER = Symbol('issuer of Writs');

/** The object of an act, for its audit record. */
interface Written {
  type: ResourceType;
  name: string | undefined;
}

/**
 * Performs the acts of one Writ, and refuses those that its terms do not permit: an act that its grant does not have, a first
 * act that comes too late after the review, and any act after the request's deadline.
 */
export class ActPerformer {
  readonly #terms: WritTerms;
  #started = false;

  constructor(issuer: symbol, terms: WritTerms) {
    if (issuer !== ISSUER) throw new TypeError('only authorize() issues a Writ');
    this.#terms = terms;
    Object.freeze(this);
  }

  get terms(): Readonly<WritTerms> {
    return this.#terms;
  }

  get target(): Readonly<Target> {
    return this.#terms.target;
  }

  async perform<T>(
    act: Act,
    { type, name }: Written,
    write: (backend: BackendCluster, context: WriteContext) => Promise<T>,
  ): Promise<T> {
    const { grant, subject, reviewed, calledBy, scope, target, audit, backend } = this.#terms;
    if (!(GRANTS[grant].acts as readonly Act[]).includes(act)) {
      throw new TypeError(`the grant ${grant} has no act ${act}`);
    }
    this.#assertCurrent();
    const { namespace } = target;
    const calls = new SentCalls();
    const written = { act, kind: type.kind, namespace, name, requestId: scope.requestId, calls };
    const observed = observedScope(observedScope(scope, this.#terms.calls), calls);
    const context = { scope: observed, beforeSend: () => this.#assertCurrent(), sendUntil: this.#sendUntil };
    const result = await audited(
      written,
      (record) => audit({ ...record, grant, subject, reviewed, ...(calledBy !== undefined && { calledBy }) }),
      () =>
        scope.runStep
          ? scope.runStep({ name: `act ${act}` }, () => write(backend, context))
          : write(backend, context),
    );
    // One that the cluster has rejected does not count: another attempt would come later after the review.
    this.#started = true;
    return result;
  }

  /** Until when the next write may be sent: `performance.now()`. */
  get #sendUntil(): number {
    const { reviewedAt, maxAgeMs } = this.#terms;
    return this.#started ? Number.POSITIVE_INFINITY : reviewedAt + maxAgeMs;
  }

  /** Checked again when a write's turn has come: it may have waited behind the user's other calls, or for a retry. */
  #assertCurrent(): void {
    if (this.#terms.scope.deadline.aborted) throw new Timeout('The request ended before the write started');
    if (performance.now() > this.#sendUntil) {
      throw new Timeout('The access review is too old to start a write: try again');
    }
  }
}

import type { ResourceAttributes } from '../kubernetes/resource-attributes.ts';
import { ActPerformer } from './act-performer.ts';
import type { GrantName } from './grants.ts';
import { ProjectActs } from './project-acts.ts';
import type { Receipt } from './receipt.ts';
import type { Subject } from './reviews.ts';
import { ScheduleActs } from './schedule-acts.ts';
import { SessionActs } from './session-acts.ts';
import type { WritTerms } from './writ-terms.ts';

/**
 * Proof that the cluster allows a user one privileged mutation, and the only way to perform the backend's acts. It is
 * valid for one request and one input, on one object and its children, in one namespace. Its acts are grouped by what they
 * write; the grant decides which of them it has.
 */
export class Writ {
  readonly #terms: WritTerms;
  readonly #session: SessionActs;
  readonly #project: ProjectActs;
  readonly #schedule: ScheduleActs;

  /** @param issuer the capability to issue Writs, which only authorize() has */
  constructor(issuer: symbol, terms: WritTerms) {
    const performer = new ActPerformer(issuer, terms);
    this.#terms = terms;
    this.#session = new SessionActs(performer);
    this.#project = new ProjectActs(performer);
    this.#schedule = new ScheduleActs(performer);
    Object.freeze(this);
  }

  /** Whether the value is an issued Writ, and not an object of the same shape. */
  static isWrit(value: unknown): value is Writ {
    return typeof value === 'object' && value !== null && #terms in value;
  }

  get grant(): GrantName {
    return this.#terms.grant;
  }
  get subject(): Subject {
    return this.#terms.subject;
  }
  get reviewed(): ResourceAttributes {
    return this.#terms.reviewed;
  }
  /** Whether its review is recent enough for a first act. */
  get mayBegin(): boolean {
    const { reviewedAt, maxAgeMs } = this.#terms;
    return performance.now() <= reviewedAt + maxAgeMs;
  }
  get requestId(): string {
    return this.#terms.scope.requestId;
  }
  /** What was sent with it until now. */
  get receipt(): Receipt {
    const { scope, calls, reviewed, reviewedOn } = this.#terms;
    const { auditIds, unansweredAuditIds } = calls;
    const { requestId } = scope;
    return { requestId, auditIds, unansweredAuditIds, reviewed, reviewedAt: reviewedOn.toISOString() };
  }
  /** Acts on one session and its run. */
  get session(): SessionActs {
    return this.#session;
  }
  /** Acts on one project. */
  get project(): ProjectActs {
    return this.#project;
  }
  /** Acts on one scheduled session. */
  get schedule(): ScheduleActs {
    return this.#schedule;
  }
}

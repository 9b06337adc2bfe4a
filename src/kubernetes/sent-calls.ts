import type { CallObserver, ObservedCall, SentCall } from './call-observer.ts';

/** Notes the Audit-IDs of calls, in order of sending. */
export class SentCalls implements CallObserver {
  readonly #auditIds: string[] = [];
  readonly #unanswered = new Set<string>();

  sent({ auditId }: SentCall): ObservedCall {
    this.#auditIds.push(auditId);
    this.#unanswered.add(auditId);
    return {
      ended: ({ statusCode }) => {
        if (statusCode !== undefined) this.#unanswered.delete(auditId);
      },
    };
  }

  get auditIds(): string[] {
    return [...this.#auditIds];
  }

  /** Those without a response: the API server may have performed them, or has never received them. */
  get unansweredAuditIds(): string[] {
    return [...this.#unanswered];
  }
}

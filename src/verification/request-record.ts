import { hash } from 'node:crypto';
import { actOf } from './api-grants.ts';
import type { AuditedCall } from './audit-event.ts';

/** Beyond this number a call is not Writ's: no request has as many. */
export const MAX_NUMBER = 1_000_000;

const AUDIT_ID = /^(.+)\.([1-9]\d{0,9})$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The request and the number of a call; undefined if the Audit-ID is not one of Writ's form. */
export function parseAuditId(auditId: string): { requestId: string; number: number } | undefined {
  const [, requestId, number] = AUDIT_ID.exec(auditId) ?? [];
  if (requestId === undefined || Number(number) > MAX_NUMBER) return undefined;
  return { requestId, number: Number(number) };
}

/** Requests and passes have a UUID, and one sequence of calls. Other ids are of calls outside of any: probes, watches, the lease. */
export function hasSequence(requestId: string): boolean {
  return UUID.test(requestId);
}

/**
 * What the checks need of the calls of one request, or of one pass of the controller. Of users' reads it keeps their numbers
 * and names alone, so that a large log fits into memory.
 */
export class RequestRecord {
  readonly requestId: string;
  /** Of each call, a fingerprint: a watch has two lines, and two files can have the same line. */
  readonly numbers = new Map<number, string>();
  /** The calls in the log that have the number of another call. */
  readonly duplicates: AuditedCall[] = [];
  /** Further calls with a number, by their fingerprints. */
  readonly #others = new Set<string>();
  /** The highest number. */
  last = 0;
  /** The lowest number of a call of each user, by name. */
  readonly #users = new Map<string, number>();
  /** The calls of the API's and of the controller's identity, all reviews, and reads of schedules. */
  readonly kept: AuditedCall[] = [];

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  /** The names of the users, with the Audit-ID of the first call of each, in the order of these calls. */
  get users(): [user: string, auditId: string][] {
    return [...this.#users]
      .sort(([a, first], [b, second]) => first - second || a.localeCompare(b))
      .map(([user, number]) => [user, `${this.requestId}.${number}`]);
  }

  add(call: AuditedCall, number: number, isOfWrit: boolean): void {
    const said = `${call.receivedAt} ${call.verb} ${call.path} ${call.username}`;
    const fingerprint = hash('sha256', said, 'base64').slice(0, 12);
    const known = this.numbers.get(number);
    const other = `${number} ${fingerprint}`;
    if (known === fingerprint || this.#others.has(other)) return;
    if (known === undefined) this.numbers.set(number, fingerprint);
    else {
      this.#others.add(other);
      this.duplicates.push(call);
    }
    this.last = Math.max(this.last, number);
    const isUnauthenticated = call.username === '' || call.username === 'system:anonymous';
    if (!isOfWrit && !isUnauthenticated) {
      this.#users.set(call.username, Math.min(number, this.#users.get(call.username) ?? number));
    }
    const isOfSchedule = actOf(call) === 'get batch/cronjobs';
    if (isOfWrit || call.review || isOfSchedule) this.kept.push(call);
  }
}

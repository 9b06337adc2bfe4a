import { actOf, isOfGrants, permits, sessionUidOf } from './api-grants.ts';
import type { AuditedCall } from './audit-event.ts';
import type { WritIdentities } from './audit-log.ts';
import { entitles, needsReads, notADuty } from './controller-duties.ts';
import type { Finding } from './finding.ts';
import { hasSequence, type RequestRecord } from './request-record.ts';

const SESSIONS = 'vteam.ambient-code/agenticsessions';
const READS = new Set(['get', 'list', 'watch']);
const SELF_REVIEW = 'create authentication.k8s.io/selfsubjectreviews';
const SELF_ACCESS_REVIEW = 'create authorization.k8s.io/selfsubjectaccessreviews';
const OWNER_REVIEW = 'create authorization.k8s.io/localsubjectaccessreviews';
const SCHEDULE_ACCOUNT = /^system:serviceaccount:([^:]+):schedule-[^:]+$/;

/** How long after its review the first write may be received, in ms: Writ sends it within 5 s. */
const FIRST_WRITE_MS = 15_000;
/** How long after its review any write may be received, in ms: longer than any deadline of a request. */
const LAST_WRITE_MS = 300_000;

export interface CheckOptions {
  identities: WritIdentities;
  /** By how much the clocks of API servers may differ, in ms. */
  clockSkewMs: number;
}

/** What is wrong with the calls of one request. Whether any are missing is checked elsewhere. */
export function checkRequest(record: RequestRecord, options: CheckOptions): Finding[] {
  const { api, controller, namespace } = options.identities;
  const findings: Finding[] = [];
  const found = (kind: Finding['kind'], call: AuditedCall, message: string) =>
    findings.push({ kind, auditId: call.auditId, message: `${describe(call)}: ${message}` });
  const calls = record.kept.toSorted((a, b) => a.receivedAt.localeCompare(b.receivedAt));
  const ofApi = calls.filter(({ username }) => username === api);
  const ofController = calls.filter(({ username }) => username === controller);

  const isRequest = hasSequence(record.requestId);

  for (const [call, subject] of subjectsOf(calls)) {
    if (subject !== call.username) found('other-subject', call, `the cluster answered that it is ${subject}`);
  }
  if (isRequest) {
    for (const call of record.duplicates) found('duplicate-call', call, 'another call has the same Audit-ID');
    checkUsers(record, ofApi.length > 0, ofController.length > 0, findings);
    for (const call of ofApi) checkApiCall(call, calls, found, options);
  } else {
    for (const call of ofApi) {
      if (actOf(call) !== SELF_REVIEW) found('malformed-audit-id', call, 'it belongs to no request');
    }
    for (const [user, auditId] of record.users) {
      const message = `${user}: a call that belongs to no request`;
      findings.push({ kind: 'malformed-audit-id', auditId, message });
    }
  }
  for (const call of ofController) {
    const why = notADuty(call, namespace);
    if (why) found('controller-no-duty', call, why);
    else if (needsReads(call, namespace)) {
      const isRead = ofController.some((each) => entitles(each, call) && isBefore(each, call, options));
      if (!isRequest) found('malformed-audit-id', call, 'it belongs to no pass');
      else if (!isRead) {
        found(
          'controller-session-not-read',
          call,
          'what it belongs to was not read before it in the same pass',
        );
      }
    }
  }
  return findings;
}

function checkUsers(
  record: RequestRecord,
  hasApi: boolean,
  hasController: boolean,
  findings: Finding[],
): void {
  const [first, ...others] = record.users;
  const report = (auditId: string, message: string) =>
    findings.push({ kind: 'several-users', auditId, message });
  for (const [user, auditId] of others)
    report(auditId, `${user}: a call of a request in which ${first?.[0]} made calls`);
  if (hasController && first) report(first[1], `${first[0]}: a call in a pass of the controller`);
  if (hasController && hasApi)
    report(record.requestId, "the API's and the controller's identity in one request");
}

function checkApiCall(
  call: AuditedCall,
  calls: AuditedCall[],
  found: (kind: Finding['kind'], call: AuditedCall, message: string) => void,
  options: CheckOptions,
): void {
  const act = actOf(call);
  if (READS.has(call.verb) || call.resource === '') found('api-read', call, "a read with the API's identity");
  else if (call.isDryRun) found('api-dry-run', call, "a dry run with the API's identity");
  // Why one of its own writes was denied.
  else if (act === SELF_ACCESS_REVIEW) {
    const isAfterDenial = calls.some(
      (each) => each.username === call.username && each.status === 403 && isBefore(each, call, options),
    );
    if (!isAfterDenial)
      found('api-owner-review', call, 'a review of its own rights, though no write was denied');
  } else if (act === OWNER_REVIEW) {
    const why = wrongOwnerReview(call, calls, options);
    if (why) found('api-owner-review', call, why);
  } else if (!isOfGrants(call)) found('api-write-of-no-grant', call, 'no mutation may write this');
  else {
    const why = notReviewed(call, calls, options);
    if (why) found('api-write-without-review', call, why);
  }
}

/** Why no review entitles the API to the write; undefined if one does. */
function notReviewed(write: AuditedCall, calls: AuditedCall[], options: CheckOptions): string | undefined {
  const { api, controller } = options.identities;
  const reviews = calls.filter(
    (call) =>
      call.review?.attributes &&
      ((actOf(call) === SELF_ACCESS_REVIEW && call.username !== api && call.username !== controller) ||
        (actOf(call) === OWNER_REVIEW && call.username === api)),
  );
  if (reviews.length === 0) return 'nothing was reviewed in the request';
  const earlier = (than: AuditedCall) =>
    calls.filter(
      (each) => each.username === api && isSuccess(each) && isOfGrants(each) && isBefore(each, than, options),
    );
  const isPermitted = ({ username, review }: AuditedCall, by: AuditedCall) =>
    review?.attributes !== undefined &&
    permits(username === api ? 'owner' : 'caller', review.attributes, by, earlier(by));
  const fitting = reviews.filter((review) => isPermitted(review, write));
  if (fitting.length === 0) return 'what was reviewed in the request does not permit it';
  const allowed = fitting.filter(({ review }) => review?.isAllowed);
  if (allowed.length === 0) return 'the review was denied';
  const answered = allowed.filter((review) => isBefore(review, write, options));
  if (answered.length === 0) return 'it was received before the review was answered';
  const isInTime = (review: AuditedCall) => {
    const isFirst = !earlier(write).some((each) => isPermitted(review, each));
    const limit = (isFirst ? FIRST_WRITE_MS : LAST_WRITE_MS) + options.clockSkewMs;
    return msBetween(review.answeredAt, write.receivedAt) <= limit;
  };
  return answered.some(isInTime) ? undefined : 'the review was too old';
}

/** A schedule's own account must have read its CronJob before; the review is about creating or replacing sessions there. */
function wrongOwnerReview(
  call: AuditedCall,
  calls: AuditedCall[],
  options: CheckOptions,
): string | undefined {
  const attributes = call.review?.attributes;
  const reader = calls.find(
    (each) => actOf(each) === 'get batch/cronjobs' && isSuccess(each) && isBefore(each, call, options),
  );
  const [, namespace] = SCHEDULE_ACCOUNT.exec(reader?.username ?? '') ?? [];
  if (namespace === undefined) return 'no schedule has read its own CronJob before';
  if (call.namespace !== namespace) return `the schedule is in namespace ${namespace}`;
  // One that was not answered says nothing.
  if (!call.review) return undefined;
  if (!attributes) return 'it is not about a resource';
  const { verb, group, resource, namespace: reviewed } = attributes;
  const isOfSessions = ['create', 'update'].includes(verb) && `${group}/${resource}` === SESSIONS;
  return isOfSessions && reviewed === namespace ? undefined : 'it is not about the sessions of the project';
}

/** The answers to SelfSubjectReviews. */
function subjectsOf(calls: AuditedCall[]): [AuditedCall, string][] {
  return calls.flatMap((call): [AuditedCall, string][] =>
    actOf(call) === SELF_REVIEW && call.review?.username ? [[call, call.review.username]] : [],
  );
}

/** The sessions that runs' objects were made for in a request, by the name in a review or a write of the session. */
export function sessionsByUid(
  record: RequestRecord,
  api: string,
): { uid: string; session: string; auditId: string; at: string }[] {
  const names = new Set(
    record.kept
      .filter(({ username, name }) => username === api && name !== '')
      .filter(({ group, resource }) => `${group}/${resource}` === SESSIONS)
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
  const [session] = names;
  // In a request for several sessions it is not known which is whose.
  if (session === undefined || names.size > 1) return [];
  return record.kept
    .filter(({ username }) => username === api)
    .flatMap((call) => {
      const uid = sessionUidOf(call);
      return uid ? [{ uid, session, auditId: call.auditId, at: call.receivedAt }] : [];
    });
}

function isBefore(one: AuditedCall, other: AuditedCall, { clockSkewMs }: CheckOptions): boolean {
  if (clockSkewMs === 0) return one.answeredAt <= other.receivedAt;
  return msBetween(one.answeredAt, other.receivedAt) >= -clockSkewMs;
}

function msBetween(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

function isSuccess({ status }: AuditedCall): boolean {
  return status >= 200 && status < 300;
}

export function describe({ username, verb, path }: AuditedCall): string {
  return `${username || 'unauthenticated'}: ${verb} ${path.split('?')[0]}`;
}

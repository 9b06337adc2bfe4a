import { actOf } from './api-grants.ts';
import type { AuditedCall } from './audit-event.ts';
import type { AuditLog, WritIdentities } from './audit-log.ts';
import { describe } from './check-request.ts';
import type { Finding } from './finding.ts';
import { hasSequence, parseAuditId, type RequestRecord } from './request-record.ts';
import type { WritLog } from './writ-log.ts';

const RESOURCES: Record<string, string> = {
  AgenticSession: 'agenticsessions',
  Secret: 'secrets',
  ServiceAccount: 'serviceaccounts',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Job: 'jobs',
  CronJob: 'cronjobs',
  Namespace: 'namespaces',
  Event: 'events',
};
/** The verb of each act. A token is created as a subresource of its service account. */
const VERBS: Record<string, string> = {
  createSession: 'create',
  setDesiredPhase: 'patch',
  stopScheduled: 'patch',
  updateSessionStatus: 'patch',
  createRunObject: 'create',
  mintRunToken: 'create',
  storeRunToken: 'patch',
  deleteJob: 'delete',
  createNamespace: 'create',
  createProjectBinding: 'create',
  removeCreatedNamespace: 'delete',
  updateNamespace: 'patch',
  deleteNamespace: 'delete',
  createSchedule: 'create',
  createScheduleObject: 'create',
  updateSchedule: 'patch',
  suspendSchedule: 'patch',
  deleteSchedule: 'delete',
  deleteRunObject: 'delete',
  deleteOrphan: 'delete',
  createKeySecret: 'create',
  noteActiveSessions: 'patch',
  recordEvent: 'create',
};

/** Calls that are missing between those of a request, and what differs from what Writ itself has logged. */
export function checkComplete(log: AuditLog, writLog: WritLog, identities: WritIdentities): Finding[] {
  return [
    ...missingCalls(log, writLog),
    ...otherUsers(log, writLog, identities),
    ...acts(log, writLog),
    ...receipts(log, writLog),
    ...unlogged(log, writLog, identities),
  ];
}

function missingCalls(log: AuditLog, writLog: WritLog): Finding[] {
  const expected = new Map<string, number>();
  const expect = (requestId: string, number: number) =>
    expected.set(requestId, Math.max(expected.get(requestId) ?? 0, number));
  for (const { requestId, last } of log.requests.values()) {
    if (hasSequence(requestId)) expect(requestId, last);
  }
  for (const { requestId, calls } of writLog.operations) expect(requestId, calls);
  for (const { auditIds } of [...writLog.acts, ...writLog.receipts]) {
    for (const auditId of auditIds) {
      const id = parseAuditId(auditId);
      if (id) expect(id.requestId, id.number);
    }
  }
  const unanswered = new Map<string, number[]>();
  for (const auditId of writLog.unanswered) {
    const id = parseAuditId(auditId);
    if (!id) continue;
    const numbers = unanswered.get(id.requestId);
    if (numbers) numbers.push(id.number);
    else unanswered.set(id.requestId, [id.number]);
  }
  return [...expected].flatMap(([requestId, last]): Finding[] => {
    const numbers = log.requests.get(requestId)?.numbers;
    const listed = gaps([...(numbers?.keys() ?? []), ...(unanswered.get(requestId) ?? [])], last);
    if (listed === '') return [];
    return numbers
      ? [{ kind: 'missing-calls', auditId: requestId, message: `of ${last} calls are missing: ${listed}` }]
      : [
          {
            kind: 'missing-request',
            auditId: requestId,
            message: `the log has none of its calls: ${listed}`,
          },
        ];
  });
}

function otherUsers(log: AuditLog, { operations }: WritLog, { controller }: WritIdentities): Finding[] {
  return operations.flatMap(({ requestId, isPass, username }): Finding[] => {
    const record = log.requests.get(requestId);
    if (record && isPass) {
      return record.users.map(([user, auditId]): Finding => {
        const message = `${user}: a call of a pass that the controller has logged`;
        return { kind: 'other-user-than-logged', auditId, message };
      });
    }
    if (!record || username === undefined) return [];
    const others = record.users.filter(([user]) => user !== username);
    const ofController = record.kept.filter((call) => call.username === controller);
    return [
      ...others.map(
        ([user, auditId]): Finding => ({
          kind: 'other-user-than-logged',
          auditId,
          message: `${user}: a call of a request that Writ has logged as ${username}'s`,
        }),
      ),
      ...ofController.map(
        (call): Finding => ({
          kind: 'other-user-than-logged',
          auditId: call.auditId,
          message: `${describe(call)}: a call of a request that Writ has logged as ${username}'s`,
        }),
      ),
    ];
  });
}

/** Each write that Writ has logged is in the audit log, as Writ has logged it. */
function acts(log: AuditLog, writLog: WritLog): Finding[] {
  return writLog.acts.flatMap(({ act, auditIds, object, isDone }): Finding[] => {
    const calls = auditIds.flatMap((auditId) => findCall(log, auditId) ?? []);
    const writes = calls.filter(
      (call) => call.resource === RESOURCES[object.kind] && call.verb === VERBS[act],
    );
    const [write] = writes;
    const [auditId = ''] = auditIds;
    // Those that are not in the log at all are missing calls.
    if (calls.length === 0) return [];
    const differs = (what: string): Finding[] => [
      {
        kind: 'other-than-logged',
        auditId,
        message: `Writ has logged ${act} of ${object.kind} ${object.namespace}/${object.name}: ${what}`,
      },
    ];
    if (!write) return differs(`the audit log has ${calls.map(describe).join(', ')}`);
    // A name that the cluster generates is in one of the two alone.
    const isSameName = write.name === object.name || write.name === '' || object.name === '';
    const isSameNamespace = object.kind === 'Namespace' || write.namespace === object.namespace;
    if (!isSameName || !isSameNamespace)
      return differs(`the audit log has ${describe(write)} (${write.namespace}/${write.name})`);
    if (isDone && !writes.some(({ status }) => status >= 200 && status < 300))
      return differs(`in the audit log it has failed with ${write.status}`);
    return [];
  });
}

/** A receipt's review is in the audit log, and was allowed. */
function receipts(log: AuditLog, writLog: WritLog): Finding[] {
  return writLog.receipts.flatMap(({ requestId, auditIds, reviewed }): Finding[] => {
    const calls = auditIds.flatMap((auditId) => findCall(log, auditId) ?? []);
    const isReviewed = calls.some(({ review }) => {
      const { attributes } = review ?? {};
      return (
        review?.isAllowed &&
        attributes &&
        Object.entries(attributes).every(([key, value]) => value === (reviewed[key] ?? ''))
      );
    });
    if (isReviewed || !log.requests.has(requestId)) return [];
    const message = `the receipt is for a review that the audit log does not have: ${Object.values(reviewed).join(' ')}`;
    return [{ kind: 'other-than-logged', auditId: requestId, message }];
  });
}

/** What the audit log has, and Writ's own log has not. */
function unlogged(log: AuditLog, writLog: WritLog, { api, controller }: WritIdentities): Finding[] {
  const logged = new Set(writLog.acts.flatMap(({ auditIds }) => auditIds));
  return [...log.requests.values()].flatMap((record): Finding[] => {
    if (!hasSequence(record.requestId)) return [];
    // A log of one of the two says nothing about the other.
    const isLogged = ({ username }: AuditedCall) =>
      (username === api && writLog.hasOperations) || (username === controller && writLog.hasPasses);
    const writes = record.kept.filter((call) => isLogged(call) && isWrite(call));
    const found = writes
      .filter(({ auditId }) => !logged.has(auditId))
      .map(
        (call): Finding => ({
          kind: 'unlogged-write',
          auditId: call.auditId,
          message: `${describe(call)}: Writ's own log does not have it`,
        }),
      );
    const [ofController] = record.kept.filter(({ username }) => username === controller);
    if (writLog.hasPasses && ofController && !writLog.requestIds.has(record.requestId)) {
      const message = `${describe(ofController)}: a pass that the controller's own log does not have`;
      found.push({ kind: 'unlogged-request', auditId: ofController.auditId, message });
    }
    const [user] = record.users;
    // The opening of a WebSocket asks who the user is, and is no operation.
    if (
      writLog.hasOperations &&
      user &&
      !writLog.requestIds.has(record.requestId) &&
      !isIdentification(record)
    ) {
      found.push({
        kind: 'unlogged-request',
        auditId: user[1],
        message: `${user[0]}: a request that Writ's own log does not have`,
      });
    }
    return found;
  });
}

function isWrite(call: AuditedCall): boolean {
  const isReview = call.group === 'authorization.k8s.io' || call.group === 'authentication.k8s.io';
  return (
    ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(call.verb) &&
    !isReview &&
    !call.isDryRun
  );
}

function isIdentification({ numbers, kept }: RequestRecord): boolean {
  return numbers.size === kept.length && kept.every((call) => actOf(call).endsWith('/selfsubjectreviews'));
}

function findCall(log: AuditLog, auditId: string): AuditedCall | undefined {
  const id = parseAuditId(auditId);
  return id && log.requests.get(id.requestId)?.kept.find((call) => call.auditId === auditId);
}

/** The numbers from 1 to `last` that are not there, for example `1-3, 7`. Empty if there are none. */
function gaps(present: number[], last: number): string {
  const ranges: string[] = [];
  let next = 1;
  for (const number of [...present.filter((each) => each <= last).sort((a, b) => a - b), last + 1]) {
    if (number > next) ranges.push(number - 1 === next ? `${next}` : `${next}-${number - 1}`);
    next = Math.max(next, number + 1);
  }
  const shown = ranges.slice(0, 20).join(', ');
  return ranges.length > 20 ? `${shown} …` : shown;
}

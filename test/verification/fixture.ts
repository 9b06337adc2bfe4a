import { AuditLog, type WritIdentities } from '../../src/verification/audit-log.ts';
import { type Verdict, verify } from '../../src/verification/verify.ts';
import { WritLog } from '../../src/verification/writ-log.ts';

export const API = 'system:serviceaccount:writ-system:writ-api';
export const CONTROLLER = 'system:serviceaccount:writ-system:writ-controller';
export const REQUEST = '6b1f0f0e-1f2a-4c3d-8e4f-000000000001';
export const UID = '11111111-2222-4333-8444-555555555555';

type Fields = Record<string, unknown>;

let clock = 0;

/** A line of an audit log; each is received after the one before it was answered. */
export function line(
  auditId: string,
  username: string,
  call: string,
  { namespace = 'demo', name = '', ...more }: { namespace?: string; name?: string } & Fields = {},
): string {
  const [verb = '', path = ''] = call.split(' ');
  const [group = '', kind = ''] = path.split('/').length > 1 ? path.split(/\/(.*)/s) : ['', path];
  const [resource, subresource] = kind.split('/');
  clock += 1;
  const at = (part: number) => `2026-01-01T00:00:00.${String(1_000 * clock + part).padStart(6, '0')}Z`;
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: auditId,
    stage: 'ResponseComplete',
    requestURI: `/apis/${path}`,
    verb,
    user: { username },
    sourceIPs: ['10.1.0.7'],
    userAgent: 'writ/0.1.0',
    objectRef: { apiGroup: group, resource, ...(subresource && { subresource }), namespace, name },
    responseStatus: { code: verb === 'create' ? 201 : 200 },
    requestReceivedTimestamp: at(0),
    stageTimestamp: at(500),
    ...more,
  });
}

export const SESSIONS = 'vteam.ambient-code/agenticsessions';

/** A SelfSubjectAccessReview of `VERB GROUP/RESOURCE`. */
export function review(
  auditId: string,
  username: string,
  reviewed: string,
  {
    namespace = 'demo',
    name,
    allowed = true,
    ...more
  }: { namespace?: string; name?: string; allowed?: boolean } & Fields = {},
): string {
  const [verb, path = ''] = reviewed.split(' ');
  const [group, resource] = path.split('/');
  const resourceAttributes = { verb, group, resource, namespace, ...(name && { name }) };
  return line(auditId, username, 'create authorization.k8s.io/selfsubjectaccessreviews', {
    namespace: '',
    level: 'RequestResponse',
    responseObject: { spec: { resourceAttributes }, status: { allowed } },
    ...more,
  });
}

/** A createSession with its run, by alice. */
export function createdSession(requestId = REQUEST): string[] {
  const run = `session-${UID}-1`;
  return [
    review(`${requestId}.1`, 'alice', `create ${SESSIONS}`),
    line(`${requestId}.2`, API, `create ${SESSIONS}`, { name: 's1' }),
    line(`${requestId}.3`, API, 'create /secrets', { name: run }),
    line(`${requestId}.4`, API, 'create /serviceaccounts', { name: run }),
    line(`${requestId}.5`, API, 'create /serviceaccounts/token', { name: run }),
    line(`${requestId}.6`, API, 'create batch/jobs', { name: run }),
    line(`${requestId}.7`, 'alice', `get ${SESSIONS}`, { name: 's1' }),
  ];
}

export function check(
  lines: readonly string[],
  writLines: readonly object[] = [],
  identities: Partial<WritIdentities> = {},
): Verdict {
  const all = { api: API, controller: CONTROLLER, namespace: 'writ-system', ...identities };
  const log = new AuditLog(all);
  const writLog = new WritLog();
  for (const each of lines) log.addLine(each);
  for (const each of writLines) writLog.addLine(JSON.stringify(each));
  return verify(log, writLog, { identities: all, clockSkewMs: 0 });
}

/** `KIND AUDIT-ID` of each violation. */
export function named({ violations }: Verdict): string[] {
  return violations.map(({ kind, auditId }) => `${kind} ${auditId.replace(REQUEST, 'R')}`);
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { UnusableLog } from './audit-event.ts';
import { AuditLog, type WritIdentities } from './audit-log.ts';
import { checkComplete } from './check-complete.ts';
import { type CheckOptions, checkRequest, sessionsByUid } from './check-request.ts';
import type { Finding } from './finding.ts';
import { WritLog } from './writ-log.ts';

export interface Verdict {
  lines: number;
  /** Requests, passes of the controller, and calls outside of any. */
  requests: number;
  /** Calls of Writ. */
  calls: number;
  violations: Finding[];
  /** Calls with an Audit-ID of Writ's form that other programs have sent. Everybody can: they count for nothing. */
  foreign: Finding[];
  /** How many there are: of many, the first are in `foreign`. */
  foreignCalls: number;
}

export interface VerifyOptions extends CheckOptions {
  auditLogs: readonly string[];
  receipts: readonly string[];
}

/** Checks audit logs in files. Throws UnusableLog, which names the file and the line, and errors of the file system. */
export async function verifyFiles({ auditLogs, receipts, ...options }: VerifyOptions): Promise<Verdict> {
  const log = new AuditLog(options.identities);
  const writLog = new WritLog();
  for (const file of receipts) await readLines(file, (line) => writLog.addLine(line));
  for (const file of auditLogs) await readLines(file, (line) => log.addLine(line));
  return verify(log, writLog, options);
}

/** @param writLog what Writ itself has said; without it, calls that are missing at the end of a request are not noticed */
export function verify(log: AuditLog, writLog: WritLog, options: CheckOptions): Verdict {
  if (log.lines === 0) throw new UnusableLog('The audit log has no lines');
  if (
    log.calls === 0 &&
    (writLog.operations.length > 0 || writLog.acts.length > 0 || writLog.receipts.length > 0)
  ) {
    throw new UnusableLog('The audit log has no call of Writ, and the receipts say that there were some');
  }
  const { identities } = options;
  const findings = [
    ...log.findings,
    ...[...log.requests.values()].flatMap((record) => checkRequest(record, options)),
    ...childrenOfOthers(log, identities),
    ...checkComplete(log, writLog, identities),
  ];
  return {
    lines: log.lines,
    requests: log.requests.size,
    calls: log.calls,
    violations: findings.filter(({ kind }) => kind !== 'foreign-call'),
    foreign: findings.filter(({ kind }) => kind === 'foreign-call'),
    foreignCalls: log.foreignCalls,
  };
}

/** A UID belongs to one session, the one in whose requests it is first: objects of its runs are made in no other's. */
function childrenOfOthers(log: AuditLog, { api }: WritIdentities): Finding[] {
  const made = [...log.requests.values()].flatMap((record) => sessionsByUid(record, api));
  return [...Map.groupBy(made, ({ uid }) => uid).values()].flatMap((ofUid) => {
    const [first, ...others] = ofUid.sort((a, b) => compare(a.at, b.at) || compare(a.auditId, b.auditId));
    return others
      .filter(({ session }) => session !== first?.session)
      .map(({ session, auditId }): Finding => {
        const message = `an object of a run of ${first?.session}, in a request for ${session}`;
        return { kind: 'child-of-another-session', auditId, message };
      });
  });
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Files that end in `.gz` are decompressed. */
async function readLines(file: string, take: (line: string) => void): Promise<void> {
  const bytes = createReadStream(file);
  const input = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  if (input !== bytes) bytes.once('error', (error) => input.destroy(error));
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      take(line);
    } catch (error) {
      if (!(error instanceof UnusableLog)) throw error;
      throw new UnusableLog(`${file}: line ${number} ${error.message}`);
    }
  }
}

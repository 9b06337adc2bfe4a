import { UnusableLog } from './audit-event.ts';

/** What Writ says that it has sent for one operation, or one pass of the controller. */
interface LoggedOperation {
  requestId: string;
  isPass: boolean;
  username: string | undefined;
  /** How many calls it had sent when it ended. */
  calls: number;
}

/** A write by one of Writ's identities, in Writ's own log. */
interface LoggedAct {
  act: string;
  requestId: string;
  auditIds: string[];
  object: { kind: string; namespace: string; name: string };
  isDone: boolean;
}

/** What a client was answered for a privileged mutation. */
interface ClientReceipt {
  requestId: string;
  auditIds: string[];
  reviewed: Record<string, string>;
}

type Json = Record<string, unknown>;

/** The lines of Writ's own log, and receipts of clients, that can be compared with the cluster's audit log. */
export class WritLog {
  readonly operations: LoggedOperation[] = [];
  readonly acts: LoggedAct[] = [];
  readonly receipts: ClientReceipt[] = [];
  /** Calls that got no response: the API server may never have received them. */
  readonly unanswered = new Set<string>();
  /** All requests that the log mentions. */
  readonly requestIds = new Set<string>();
  /** Whether it has lines of the API's, and of the controller's log. */
  hasOperations = false;
  hasPasses = false;

  /** Adds a line: of Writ's log, or a receipt as JSON. Throws UnusableLog if it is neither. */
  addLine(line: string): void {
    let entry: Json;
    try {
      entry = JSON.parse(line);
    } catch {
      throw new UnusableLog(
        "is not JSON: receipts are JSON, a line each, and Writ's log is as a process writes it to a file",
      );
    }
    const requestId = text(entry?.requestId);
    const auditIds = texts(entry.auditIds);
    for (const id of texts(entry.unansweredAuditIds)) this.unanswered.add(id);
    if (entry.msg === undefined && requestId && Array.isArray(entry.auditIds)) {
      this.receipts.push({ requestId, auditIds, reviewed: attributes(entry.reviewed) });
      return;
    }
    if (typeof entry.msg !== 'string' || entry.level === undefined) {
      throw new UnusableLog("is neither a line of Writ's log nor a receipt");
    }
    if (requestId) this.requestIds.add(requestId);
    if (entry.msg === 'unanswered call') this.unanswered.add(text(entry.auditId));
    else if (entry.msg === 'operation' || entry.msg === 'pass') {
      if (entry.msg === 'pass') this.hasPasses = true;
      else this.hasOperations = true;
      const { username, calls } = entry;
      this.operations.push({
        requestId,
        isPass: entry.msg === 'pass',
        username: typeof username === 'string' ? username : undefined,
        calls: typeof calls === 'number' ? calls : 0,
      });
    } else if (entry.audit === true) {
      const { kind, namespace, name } = attributes(entry.object);
      this.acts.push({
        act: text(entry.act),
        requestId,
        auditIds,
        object: { kind: kind ?? '', namespace: namespace ?? '', name: name ?? '' },
        isDone: entry.outcome === 'done',
      });
    }
  }
}

function attributes(value: unknown): Record<string, string> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

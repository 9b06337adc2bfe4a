import { BlockList, isIPv6 } from 'node:net';
import { type AuditedCall, parseAuditLine, UnusableLog } from './audit-event.ts';
import type { Finding } from './finding.ts';
import { hasSequence, parseAuditId, RequestRecord } from './request-record.ts';

/** Whose calls in the log are Writ's. */
export interface WritIdentities {
  /** The usernames of the API's and of the controller's service account. */
  api: string;
  controller: string;
  /** Writ's own namespace. */
  namespace: string;
  /** The addresses of Writ's pods, as the API server sees them. Undefined: they are not known. */
  addresses?: BlockList | undefined;
}

const WRIT_AGENT = /^writ[/-]/;
const MAX_FOREIGN = 1_000;
/** Of a path in a message, which clients choose. */
const MAX_PATH = 300;

/** What an audit log has of Writ, by request. Lines may come in any order. */
export class AuditLog {
  readonly #identities: WritIdentities;
  readonly requests = new Map<string, RequestRecord>();
  readonly findings: Finding[] = [];
  /** Of these, the first are kept: anybody can send as many as they like. */
  foreignCalls = 0;
  lines = 0;
  /** Calls of Writ. */
  calls = 0;

  constructor(identities: WritIdentities) {
    this.#identities = identities;
  }

  /** Throws UnusableLog if the line cannot be read, or lacks what the checks need. */
  addLine(line: string): void {
    const call = parseAuditLine(line);
    if (call) this.add(call);
    else this.lines += 1;
  }

  add(call: AuditedCall): void {
    this.lines += 1;
    const { api, controller } = this.#identities;
    const isOfWrit = call.username === api || call.username === controller;
    const isFromWrit = WRIT_AGENT.test(call.userAgent) && this.#isAddressOfWrit(call.sourceIps);
    const id = parseAuditId(call.auditId);
    const said = `${call.username || 'unauthenticated'}: ${call.verb} ${call.path.slice(0, MAX_PATH)}`;
    const isImpersonating = call.impersonator === api || call.impersonator === controller;
    if (isImpersonating || (isFromWrit && call.impersonator !== undefined && !isOfWrit)) {
      this.#found('impersonation', call.auditId, `${said}: impersonated by ${call.impersonator}`);
    }
    if (isOfWrit && !isFromWrit) {
      const from = `${call.userAgent || 'no user agent'}, ${call.sourceIps.join(', ') || 'no address'}`;
      this.#found(
        'identity-of-writ-used-elsewhere',
        call.auditId,
        `${said}: sent by another program (${from})`,
      );
    } else if (!isFromWrit) {
      if (id && hasSequence(id.requestId)) {
        this.foreignCalls += 1;
        const message = `${said}: not sent by Writ (${call.userAgent.slice(0, 100)})`;
        if (this.foreignCalls <= MAX_FOREIGN) this.#found('foreign-call', call.auditId, message);
      }
    } else if (!id) {
      this.#found('malformed-audit-id', call.auditId, `${said}: the Audit-ID is none of Writ's`);
    } else {
      if (call.missingAnswer) {
        throw new UnusableLog(
          `has a review without its answer (level ${call.missingAnswer.level}): reviews must be logged at RequestResponse, as deploy/audit-policy.yaml says`,
        );
      }
      this.calls += 1;
      const record = this.requests.get(id.requestId) ?? new RequestRecord(id.requestId);
      this.requests.set(id.requestId, record);
      record.add(call, id.number, isOfWrit);
    }
  }

  /**
   * The last address is that of the connection; those before it are from headers, which any client can send.
   * https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
   */
  #isAddressOfWrit(sourceIps: string[]): boolean {
    const { addresses } = this.#identities;
    if (!addresses) return true;
    const address = sourceIps.at(-1) ?? '';
    return addresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  #found(kind: Finding['kind'], auditId: string, message: string): void {
    this.findings.push({ kind, auditId, message });
  }
}

/** A list of addresses and of networks in CIDR notation. Throws an Error that names what is neither. */
export function addressList(given: readonly string[]): BlockList {
  const list = new BlockList();
  for (const each of given) {
    const [address = '', prefix] = each.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    try {
      if (prefix === undefined) list.addAddress(address, family);
      else if (/^\d{1,3}$/.test(prefix)) list.addSubnet(address, Number(prefix), family);
      else throw new Error('no prefix');
    } catch {
      throw new UnusableLog(`${each} is neither an address nor a network such as 10.0.0.0/16`);
    }
  }
  return list;
}

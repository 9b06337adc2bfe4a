import { parseArgs } from 'node:util';
import { UnusableLog } from '../verification/audit-event.ts';
import { addressList } from '../verification/audit-log.ts';
import { type Verdict, verifyFiles } from '../verification/verify.ts';

const WRIT_NAMESPACE = 'writ-system';
/** Findings that are printed; --json has all. */
const MAX_PRINTED = 200;

/** `writ verify`. @returns the exit code: 0 if there is no violation, 1 if there are some, 2 if a log cannot be used */
export async function runVerify(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      receipts: { type: 'string', multiple: true, default: [] },
      'writ-address': { type: 'string', multiple: true, default: [] },
      namespace: { type: 'string', default: WRIT_NAMESPACE },
      api: { type: 'string' },
      controller: { type: 'string' },
      'clock-skew-ms': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
    },
  });
  const { namespace, receipts, json } = values;
  const addresses = values['writ-address'];
  const clockSkewMs = Number(values['clock-skew-ms']);
  try {
    if (positionals.length === 0) throw new UnusableLog('Name an audit log: writ verify --help');
    if (!(clockSkewMs >= 0)) throw new UnusableLog('--clock-skew-ms must be a number of milliseconds');
    const verdict = await verifyFiles({
      auditLogs: positionals,
      receipts,
      clockSkewMs,
      identities: {
        api: values.api ?? `system:serviceaccount:${namespace}:writ-api`,
        controller: values.controller ?? `system:serviceaccount:${namespace}:writ-controller`,
        namespace,
        addresses: addresses.length > 0 ? addressList(addresses) : undefined,
      },
    });
    process.stdout.write(json ? `${JSON.stringify(verdict)}\n` : describe(verdict));
    return verdict.violations.length > 0 ? 1 : 0;
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    process.stderr.write(`${path ? `${path} cannot be read (${code})` : message}\n`);
    return 2;
  }
}

function describe({ lines, requests, calls, violations, foreign, foreignCalls }: Verdict): string {
  const printed = [...violations, ...foreign].slice(0, MAX_PRINTED);
  const left = violations.length + foreign.length - printed.length;
  return [
    ...printed.map(({ kind, auditId, message }) => printable(`${kind}  ${auditId}  ${message}`)),
    ...(left > 0 ? [`and ${left} more: --json has all`] : []),
    `${lines} lines, ${calls} calls of Writ in ${requests} requests: ${violations.length} violations, ${foreignCalls} foreign calls`,
    '',
  ].join('\n');
}

/** What clients send is in it: no control character reaches a terminal. */
function printable(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

import { readFileSync } from 'node:fs';
import type { AuditedCall } from '../../../src/verification/audit-event.ts';
import { parseAuditLine } from '../../../src/verification/audit-event.ts';
import { AuditLog } from '../../../src/verification/audit-log.ts';
import { type Verdict, verify } from '../../../src/verification/verify.ts';
import { WritLog } from '../../../src/verification/writ-log.ts';
import { BACKEND, CONTROLLER } from '../../support/test-cluster.ts';

export const IDENTITIES = { api: BACKEND, controller: CONTROLLER, namespace: 'writ-system' };

/** A line of an audit log, parsed once: the checks are repeated thousands of times. */
export interface Line {
  text: string;
  call: AuditedCall | undefined;
}

export function lineOf(text: string): Line {
  return { text, call: parseAuditLine(text) };
}

/** The whole lines of an audit log after the first `skip` bytes. */
export function linesAfter(file: string, skip: number): Line[] {
  const text = readFileSync(file).subarray(skip).toString();
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)
    .map(lineOf);
}

export function writLogOf(lines: readonly string[]): WritLog {
  const log = new WritLog();
  for (const line of lines) log.addLine(line);
  return log;
}

export function verdictOf(lines: readonly Line[], writLog = new WritLog()): Verdict {
  const log = new AuditLog(IDENTITIES);
  for (const { call, text } of lines) {
    if (call) log.add(call);
    else log.addLine(text);
  }
  return verify(log, writLog, { identities: IDENTITIES, clockSkewMs: 0 });
}

/** The line with other fields, as JSON and parsed again. */
export function edited({ text }: Line, edit: (event: EditableEvent) => void): Line {
  const event = JSON.parse(text);
  edit(event);
  return lineOf(JSON.stringify(event));
}

// biome-ignore lint/suspicious/noExplicitAny: an event of any shape
export type EditableEvent = any;

import { readFileSync } from 'node:fs';

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
export interface AuditEvent {
  auditID: string;
  level: 'Metadata' | 'Request' | 'RequestResponse';
  stage: 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  requestURI: string;
  verb: string;
  user: { username: string; uid?: string; groups?: string[] };
  userAgent?: string;
  objectRef?: {
    resource?: string;
    subresource?: string;
    namespace?: string;
    name?: string;
    apiGroup?: string;
    apiVersion?: string;
    uid?: string;
  };
  responseStatus?: { code?: number; reason?: string; message?: string };
  // biome-ignore lint/suspicious/noExplicitAny: of reviews alone, and a test reads what it knows
  requestObject?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  responseObject?: any;
  /** With microseconds. */
  requestReceivedTimestamp: string;
  stageTimestamp: string;
  annotations?: Record<string, string>;
}

/** All events so far, in the order of writing. The server writes an event before it ends the answer. */
export function readAuditLog(path: string): AuditEvent[] {
  const text = readFileSync(path, 'utf8');
  // The last line may still be in writing.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

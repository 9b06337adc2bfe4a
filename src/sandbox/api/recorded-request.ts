import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface RecordedRequest {
  /** Milliseconds since the epoch. */
  at: number;
  /** When it has arrived, and when its response began: `performance.now()`. */
  receivedAt: number;
  respondedAt?: number;
  user: string;
  method: string;
  /** With the query. */
  path: string;
  /** Kubernetes' verb: get, list, watch, create, update, patch, delete, deletecollection. */
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  auditId?: string;
  userAgent?: string;
  accept?: string;
  /** 0 until the response begins. */
  status: number;
  /** The response, for reviews only. */
  body?: unknown;
}

/** What is known of a request before its path is parsed and its user authenticated. */
export function recordRequest(request: IncomingMessage): RecordedRequest & { auditId: string } {
  const auditId = String(request.headers['audit-id'] ?? randomUUID());
  const { accept, 'user-agent': userAgent } = request.headers;
  return {
    at: Date.now(),
    receivedAt: performance.now(),
    user: '',
    method: request.method ?? '',
    path: request.url ?? '',
    verb: '',
    group: '',
    resource: '',
    status: 0,
    auditId,
    ...(userAgent && { userAgent }),
    ...(accept && { accept }),
  };
}

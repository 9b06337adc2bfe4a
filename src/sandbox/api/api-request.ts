import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserInfo } from '../access/user-info.ts';
import type { RequestInfo } from '../request-info.ts';

/** An authenticated request for a resource. */
export interface ApiRequest {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  info: RequestInfo;
  user: UserInfo;
}

import type { CpuShares } from '../../budgets/cpu-shares.ts';
import type { TokenSource } from '../request-token.ts';
import type { OperationOptions } from './operation.ts';
import type { OriginRules } from './upgrade.ts';

export interface WebSocketLimits {
  /** Connections of one user, and of all users. */
  perUser: number;
  all: number;
  /** Connections whose token is not known yet. For one more, the oldest is closed. */
  pending: number;
  /** Operations in progress on one connection. */
  operations: number;
  /** How long a client may take to send `connection_init`, in ms. */
  initTimeoutMs: number;
  /** How often a client is pinged, in ms. */
  keepAliveMs: number;
  /** How long a client may take to read a message, in ms. */
  sendTimeoutMs: number;
}

export interface WebSocketsOptions extends OperationOptions, OriginRules {
  tokenHeader: TokenSource;
  maxMessageBytes: number;
  cpu: CpuShares | undefined;
  limits: WebSocketLimits;
}

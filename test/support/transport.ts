import type { ClusterEndpoint } from '../../src/kubernetes/connection/endpoint.ts';
import { ClusterTransport } from '../../src/kubernetes/transport.ts';

type TransportOptions = ConstructorParameters<typeof ClusterTransport>[0];

/** A transport that attempts each call once, with deadlines that only a defect reaches. */
export function transportTo(
  endpoint: ClusterEndpoint,
  options: Partial<Omit<TransportOptions, 'endpoint'>> = {},
): ClusterTransport {
  return new ClusterTransport({
    endpoint,
    userAgent: 'writ/test',
    connections: 16,
    callTimeoutMs: 30_000,
    attemptTimeoutMs: 30_000,
    retry: { attempts: 1, baseMs: 1 },
    maxResponseBytes: 16 * 1024 * 1024,
    ...options,
  });
}

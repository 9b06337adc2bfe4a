import { VERSION } from '../config/version.ts';
import type { Controller } from '../controller/controller.ts';
import { type ControllerObserver, QUEUES } from '../controller/controller-observer.ts';
import { toWritError } from '../errors.ts';
import type { CallObserver } from '../kubernetes/call-observer.ts';
import type { CredentialCheck } from '../kubernetes/credential-check.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import { CALLED_RESOURCES } from '../model/called-resources.ts';
import { createControllerMetrics as createMetrics } from '../telemetry/metrics/controller-metrics.ts';
import { createReviewMetrics } from '../telemetry/metrics/guard-metrics.ts';
import { createKubernetesMetrics, exposeConnections } from '../telemetry/metrics/kubernetes-metrics.ts';
import { exposeCredential } from '../telemetry/metrics/process-metrics.ts';
import { createRegistry, metricsPage } from '../telemetry/metrics/registry.ts';

/** The metrics of the controller. */
export function createControllerMetrics() {
  const registry = createRegistry(VERSION);
  const metrics = createMetrics({
    registry,
    queues: QUEUES,
    isConflict: (error) => toWritError(error).code === 'CONFLICT',
  });
  const observer: ControllerObserver = {
    queues: { session: metrics.queue('session'), schedule: metrics.queue('schedule') },
    acted: metrics.acted,
    swept: metrics.swept,
    reviewed: createReviewMetrics(registry),
  };
  const calls: CallObserver = createKubernetesMetrics({ registry, resources: CALLED_RESOURCES });
  return {
    observer,
    calls,
    page: () => metricsPage(registry),
    expose(
      controller: Controller,
      transports: Record<'lease' | 'watches' | 'calls', ClusterTransport>,
      credentials: Pick<CredentialCheck, 'isAccepted'>,
    ): void {
      metrics.expose(() => controller.figures);
      exposeConnections(registry, transports);
      exposeCredential(registry, () => credentials.isAccepted);
    },
  };
}

import type { CallObserver } from '../kubernetes/call-observer.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Of requests and of passes of the controller. Other calls, such as probes, are in no sequence. */
const IN_SEQUENCE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\./;

/**
 * Logs each call that got no response: whether the API server has received it, only its audit log tells. Without these lines,
 * a call that never arrived would look there like one that somebody has removed.
 */
export function unansweredCalls(logger: Logger): CallObserver {
  return {
    sent: ({ auditId, identity, attributes: { verb, resource } }) => ({
      ended({ statusCode, errorType }) {
        if (statusCode === undefined && IN_SEQUENCE.test(auditId))
          logger.info({ auditId, identity, verb, resource, errorType }, 'unanswered call');
      },
    }),
  };
}

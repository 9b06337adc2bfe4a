import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { backendCaller } from '../kubernetes/caller.ts';
import { createCall } from '../kubernetes/calls.ts';
import type { Credential } from '../kubernetes/connection/credential.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { apiVersionOf, SECRETS } from '../kubernetes/resources.ts';
import { createScope, observedScope } from '../kubernetes/scope.ts';
import { SentCalls } from '../kubernetes/sent-calls.ts';
import type { ClusterTransport } from '../kubernetes/transport.ts';
import { audited } from '../telemetry/audit.ts';
import type { ComponentLogger } from '../telemetry/logger.ts';
import type { ControllerActRecord } from './session/reconcile-client.ts';

/** The policy writ-key lets the controller create this Secret, and the API's Deployment mounts it. */
export const KEY_SECRET = 'writ-key';

interface KeySecretOptions {
  transport: ClusterTransport;
  credential: Credential;
  /** Writ's own namespace. */
  namespace: string;
  /** This replica. */
  identity: string;
  /** Between attempts, in ms. */
  retryMs: number;
  audit: (record: ControllerActRecord) => void;
  logger: ComponentLogger;
}

/**
 * Creates the Secret with the key that the API's replicas share, unless it exists: the controller may create it, and not
 * read it. Each replica attempts it when it starts, because the name makes sure that there is one. It retries until the
 * cluster has answered that the Secret exists, or the signal aborts.
 */
export async function createKeySecret(options: KeySecretOptions, signal: AbortSignal): Promise<void> {
  const { namespace, retryMs, logger } = options;
  while (!signal.aborted) {
    try {
      await create(options, signal);
      return logger.info({ namespace, name: KEY_SECRET }, 'created the shared key');
    } catch (error) {
      if (signal.aborted || (error instanceof KubernetesError && error.isAlreadyExists)) return;
      logger.warn({ err: error, namespace, name: KEY_SECRET }, 'failed to create the shared key');
    }
    await delay(retryMs, undefined, { signal }).catch(() => {});
  }
}

async function create(options: KeySecretOptions, signal: AbortSignal): Promise<void> {
  const { transport, credential, namespace, identity, audit } = options;
  // Text, so that kubectl shows a key which an administrator can store again.
  const key = randomBytes(32).toString('base64');
  const call = createCall(
    SECRETS,
    { namespace },
    {
      apiVersion: apiVersionOf(SECRETS),
      kind: SECRETS.kind,
      metadata: { name: KEY_SECRET, namespace },
      type: 'Opaque',
      data: { key: Buffer.from(key).toString('base64') },
    },
  );
  const requestId = randomUUID();
  const calls = new SentCalls();
  const scope = observedScope(createScope(requestId, signal), calls);
  await audited(
    { act: 'createKeySecret', kind: SECRETS.kind, namespace, name: KEY_SECRET, requestId, calls },
    (record) => audit({ ...record, identity }),
    async () => transport.json({ ...call, ...(await backendCaller(credential, scope)) }),
  );
}

import {
  type Job,
  SERVICE_ACCOUNTS,
  type ServiceAccount,
  type Stored,
  TOKEN_EXPIRES_AT,
  TOKEN_MINTED_AT,
} from '../kubernetes/resources.ts';
import { tokenSeconds } from '../kubernetes/run-token.ts';
import { sessionOf } from '../sessions/run/run-objects.ts';
import type { MetadataOnly, Turn } from './controller-cluster.ts';
import { mintToken, storeToken } from './run-acts.ts';
import { timeOf } from './runs.ts';
import type { ControllerTimings } from './timings.ts';

/** Keeps the tokens of active runs from expiring before the run has to end. The cluster may give shorter ones than asked for. */
export class TokenRenewal {
  readonly #timings: ControllerTimings['token'];
  /** When the token of each session's Job has to be looked at again: ms since 1970. */
  readonly #due = new Map<string, { job: string; at: number }>();

  constructor(timings: ControllerTimings['token']) {
    this.#timings = timings;
  }

  forget(key: string): void {
    this.#due.delete(key);
  }

  /** Renews the token if it is time. The answer: how long until it may be time, in ms. */
  async keep(turn: Turn, key: string, job: Job): Promise<number> {
    const { uid, namespace = '', name } = job.metadata;
    const due = this.#due.get(key);
    if (due?.job === uid && due.at > Date.now()) return due.at - Date.now();
    const secret = await turn.findSecret(namespace, name);
    const isOwn = secret && sessionOf(secret.metadata)?.uid === sessionOf(job.metadata)?.uid;
    let dueAt = isOwn ? this.#renewAt(secret, job) : Number.POSITIVE_INFINITY;
    if (isOwn && dueAt <= Date.now()) {
      await renew(turn, job, secret);
      dueAt = 0;
    }
    // After a renewal it is looked at again: what expiry the cluster gave stands in the Secret.
    dueAt = Math.max(dueAt, Date.now() + this.#timings.spacingMs);
    this.#due.set(key, { job: uid, at: dueAt });
    return dueAt - Date.now();
  }

  #renewAt({ metadata }: MetadataOnly, job: Job): number {
    const expiresAt = timeOf(metadata.annotations?.[TOKEN_EXPIRES_AT]);
    if (expiresAt === undefined) return 0;
    // Of a Job that has not begun the end still moves on.
    if (expiresAt >= endOf(job)) return job.status?.startTime ? Number.POSITIVE_INFINITY : Date.now() + 1;
    const mintedAt = timeOf(metadata.annotations?.[TOKEN_MINTED_AT] ?? metadata.creationTimestamp) ?? 0;
    return mintedAt + (expiresAt - mintedAt) * this.#timings.renewAtFraction;
  }
}

async function renew(turn: Turn, job: Job, secret: MetadataOnly): Promise<void> {
  const { namespace = '', name } = job.metadata;
  const account = await turn.find<Stored<ServiceAccount>>(SERVICE_ACCOUNTS, namespace, name);
  if (!account || sessionOf(account.metadata)?.uid !== sessionOf(job.metadata)?.uid) return;
  const { uid, resourceVersion } = secret.metadata;
  const { token, expirationTimestamp } = await mintToken(turn, namespace, {
    serviceAccount: { name, uid: account.metadata.uid },
    secret: { name, uid },
    expirationSeconds: tokenSeconds((endOf(job) - Date.now()) / 1_000),
  });
  await storeToken(turn, namespace, name, { uid, resourceVersion }, token, expirationTimestamp);
}

/** When Kubernetes ends the Job at the latest: ms since 1970. */
function endOf({ status, spec }: Job): number {
  return (timeOf(status?.startTime) ?? Date.now()) + (spec?.activeDeadlineSeconds ?? 0) * 1_000;
}

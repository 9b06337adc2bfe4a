import type { MetadataOnly } from '../../kubernetes/reader.ts';
import { type Job, SERVICE_ACCOUNTS, type ServiceAccount, type Stored } from '../../kubernetes/resources.ts';
import { TOKEN_EXPIRES_AT, TOKEN_MINTED_AT } from '../../model/labels-and-annotations.ts';
import { tokenSeconds } from '../../model/run-token.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import type { Result } from '../runtime/work-queue.ts';
import type { SessionTimings } from '../timings.ts';
import { nullIfNotOwned } from './not-owned.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { mintToken, storeToken } from './run-token.ts';

/** Renews the tokens of active runs before they expire. The cluster may issue shorter ones than were requested. */
export class TokenRenewal {
  readonly #timings: SessionTimings['token'];
  /** When the token of each session's Job has to be checked again, in ms since 1970. */
  readonly #due = new Map<string, { job: string; at: number }>();

  constructor(timings: SessionTimings['token']) {
    this.#timings = timings;
  }

  forget(key: string): void {
    this.#due.delete(key);
  }

  /** Renews the token if it is due. Requeues for the next check. */
  async reconcile(client: ReconcileClient, key: string, job: Job): Promise<Result> {
    const { uid, namespace = '', name } = job.metadata;
    const due = this.#due.get(key);
    if (due?.job === uid && due.at > Date.now()) return { requeueAfterMs: due.at - Date.now() };
    const secret = await client.findSecret(namespace, name).catch(nullIfNotOwned);
    const isOwn = secret && sessionOf(secret.metadata)?.uid === sessionOf(job.metadata)?.uid;
    let dueAt = isOwn ? this.#renewAt(secret, job) : Number.POSITIVE_INFINITY;
    if (isOwn && dueAt <= Date.now()) {
      await renew(client, job, secret);
      dueAt = 0;
    }
    // A renewed token is checked again soon: the cluster chose its expiry.
    dueAt = Math.max(dueAt, Date.now() + this.#timings.spacingMs);
    this.#due.set(key, { job: uid, at: dueAt });
    return { requeueAfterMs: dueAt - Date.now() };
  }

  #renewAt({ metadata }: MetadataOnly, job: Job): number {
    const expiresAt = parseTimestamp(metadata.annotations?.[TOKEN_EXPIRES_AT]);
    if (expiresAt === undefined) return 0;
    // The deadline of a Job that has not started is not fixed yet.
    if (expiresAt >= deadlineOf(job))
      return job.status?.startTime ? Number.POSITIVE_INFINITY : Date.now() + 1;
    const mintedAt =
      parseTimestamp(metadata.annotations?.[TOKEN_MINTED_AT] ?? metadata.creationTimestamp) ?? 0;
    return mintedAt + (expiresAt - mintedAt) * this.#timings.renewAtFraction;
  }
}

async function renew(client: ReconcileClient, job: Job, secret: MetadataOnly): Promise<void> {
  const { namespace = '', name } = job.metadata;
  const account = await client.find<Stored<ServiceAccount>>(SERVICE_ACCOUNTS, namespace, name);
  if (!account || sessionOf(account.metadata)?.uid !== sessionOf(job.metadata)?.uid) return;
  const { uid, resourceVersion } = secret.metadata;
  const { token, expirationTimestamp } = await mintToken(client, namespace, {
    serviceAccount: { name, uid: account.metadata.uid },
    secret: { name, uid },
    expirationSeconds: tokenSeconds((deadlineOf(job) - Date.now()) / 1_000),
  });
  await storeToken(client, namespace, name, { uid, resourceVersion }, token, expirationTimestamp);
}

/** When Kubernetes ends the Job at the latest, in ms since 1970: counted from now if it has not started. */
function deadlineOf({ status, spec }: Job): number {
  return (parseTimestamp(status?.startTime) ?? Date.now()) + (spec?.activeDeadlineSeconds ?? 0) * 1_000;
}

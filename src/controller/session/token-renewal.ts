import { KubernetesError } from '../../kubernetes/kubernetes-error.ts';
import { type Job, SERVICE_ACCOUNTS, type ServiceAccount, type Stored } from '../../kubernetes/resources.ts';
import { TOKEN_EXPIRES_AT } from '../../model/labels-and-annotations.ts';
import { type IssuedToken, tokenSeconds } from '../../model/run-token.ts';
import { parseTimestamp } from '../../model/timestamps.ts';
import { sessionOf } from '../../sessions/run/run-objects.ts';
import { permanentFailure } from '../../sessions/status/permanent-failure.ts';
import type { Result } from '../runtime/work-queue.ts';
import type { SessionTimings } from '../timings.ts';
import type { ReconcileClient } from './reconcile-client.ts';
import { secretOf } from './run-children.ts';
import { mintToken, storeToken } from './run-token.ts';

/** All times in ms since 1970. */
interface RunToken {
  /** The UID of its Job. */
  job: string;
  issuedAt: number;
  /** Undefined if it is not known: the token is renewed. */
  expiresAt: number | undefined;
  /** No attempt to renew it is made before. */
  notBefore: number;
}

type TokenTimings = SessionTimings['token'] & Pick<SessionTimings, 'giveUpMs'>;

/**
 * Renews the tokens of active runs before they expire. The cluster may issue shorter ones than were requested. The expiry of
 * the first token is on the run's Job, that of a renewed one only in memory: so after a takeover, another leader renews such
 * a token once more.
 */
export class TokenRenewal {
  readonly #timings: TokenTimings;
  /** By session. */
  readonly #tokens = new Map<string, RunToken>();

  constructor(timings: TokenTimings) {
    this.#timings = timings;
  }

  forget(key: string): void {
    this.#tokens.delete(key);
  }

  /** Renews the token if it is due. Requeues for the next check. */
  async reconcile(client: ReconcileClient, key: string, job: Job): Promise<Result> {
    const { spacingMs, giveUpMs } = this.#timings;
    const known = this.#tokens.get(key);
    const token = known?.job === job.metadata.uid ? known : firstToken(job);
    const now = Date.now();
    const dueAt = Math.max(this.#renewAt(token, job, now), token.notBefore);
    if (dueAt > now) return { requeueAfterMs: Math.max(dueAt - now, spacingMs) };

    // The cluster chose the new token's expiry, which may be soon again.
    const next = { ...token, notBefore: now + spacingMs };
    this.#tokens.set(key, next);
    try {
      const renewed = await renew(client, job);
      if (renewed) {
        next.issuedAt = Date.now();
        next.expiresAt = parseTimestamp(renewed.expirationTimestamp);
      }
    } catch (error) {
      if (isPermanent(error)) next.notBefore = Date.now() + giveUpMs;
      throw error;
    }
    return { requeueAfterMs: spacingMs };
  }

  #renewAt({ issuedAt, expiresAt }: RunToken, job: Job, now: number): number {
    if (expiresAt === undefined) return 0;
    // The deadline of a Job that has not started moves with the time: it is checked again.
    if (expiresAt >= deadlineOf(job, now))
      return job.status?.startTime ? Number.POSITIVE_INFINITY : now + this.#timings.spacingMs;
    return issuedAt + (expiresAt - issuedAt) * this.#timings.renewAtFraction;
  }
}

/** The token that the run was created with, right before its Job. */
function firstToken({ metadata }: Job): RunToken {
  return {
    job: metadata.uid,
    issuedAt: parseTimestamp(metadata.creationTimestamp) ?? 0,
    expiresAt: parseTimestamp(metadata.annotations?.[TOKEN_EXPIRES_AT]),
    notBefore: 0,
  };
}

/** Undefined if the run's Secret is not known: no token is minted. */
async function renew(client: ReconcileClient, job: Job): Promise<IssuedToken | undefined> {
  const now = Date.now();
  const { namespace = '', name } = job.metadata;
  const account = await client.find<Stored<ServiceAccount>>(SERVICE_ACCOUNTS, namespace, name);
  if (!account || sessionOf(account.metadata)?.uid !== sessionOf(job.metadata)?.uid) return undefined;
  const uid = secretOf(account)?.object.metadata.uid;
  if (!uid) return undefined;
  const secret = { name, uid };
  const issued = await mintToken(client, namespace, {
    serviceAccount: { name, uid: account.metadata.uid },
    secret,
    expirationSeconds: tokenSeconds((deadlineOf(job, now) - now) / 1_000),
  });
  await storeToken(client, namespace, secret, issued.token);
  return issued;
}

/** Denied or invalid (an immutable Secret), or the Secret has been deleted or replaced: another token would be lost too. */
function isPermanent(error: unknown): boolean {
  const isReplaced = error instanceof KubernetesError && [404, 409].includes(error.statusCode);
  return isReplaced || permanentFailure(error) !== undefined;
}

/** When Kubernetes ends the Job at the latest, in ms since 1970: counted from now if it has not started. */
function deadlineOf({ status, spec }: Job, now: number): number {
  return (parseTimestamp(status?.startTime) ?? now) + (spec?.activeDeadlineSeconds ?? 0) * 1_000;
}

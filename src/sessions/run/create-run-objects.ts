import { inParallel } from '../../kubernetes/in-parallel.ts';
import {
  JOBS,
  type Job,
  type ObjectMeta,
  type ResourceType,
  ROLE_BINDINGS,
  ROLES,
  SECRETS,
  SERVICE_ACCOUNTS,
  type Stored,
} from '../../kubernetes/resources.ts';
import { SECRET_UID, TOKEN_EXPIRES_AT } from '../../model/labels-and-annotations.ts';
import type { RunManifests } from './build-run.ts';

/** The acts that create a run: those of a Writ in a request, the controller's own in a repair. */
export interface RunActs {
  createRunObject<T extends { metadata?: ObjectMeta }>(type: ResourceType, manifest: T): Promise<Stored<T>>;
  mintRunToken(
    serviceAccount: string,
    secret: string,
    expirationSeconds: number,
  ): Promise<{ token: string; expirationTimestamp: string }>;
  storeRunToken(secret: string, token: string): Promise<void>;
}

/** A step of a run's creation failed. */
export class RunCreationFailed extends Error {
  /** The kind of the object, or `token`. */
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`the run's ${step} could not be created`, { cause });
    this.name = 'RunCreationFailed';
    this.step = step;
  }
}

/** The error of the step that failed, or the error itself if it is not one of a step. */
export function causeOf(error: unknown): unknown {
  return error instanceof RunCreationFailed ? error.cause : error;
}

/**
 * Creates the objects of a run. The session owns each of them, so that garbage collection deletes what an interrupted
 * creation leaves. The Secret is first, because the token is bound to it and because it shows the controller that a request
 * is creating the run. The Job is last: nothing runs before the rest is complete. Writ may not read Secrets: what it must
 * know of this one later is on the ServiceAccount and the Job. What does not depend on each other is created in parallel; after an
 * error nothing more is begun, and it is thrown when all that was begun has ended (docs/adr/0021-parallel-writes.md).
 *
 * @param besideSecret a write that may be on its way while the Secret is created
 */
export async function createRunObjects(
  acts: RunActs,
  run: RunManifests,
  besideSecret: () => Promise<unknown> = async () => {},
): Promise<Job> {
  const secret = run.secret.metadata.name;
  const serviceAccount = run.serviceAccount.metadata.name;

  const [, { metadata }] = await inParallel(
    besideSecret(),
    step('Secret', acts.createRunObject(SECRETS, run.secret)),
  );
  const account = annotated(run.serviceAccount, { [SECRET_UID]: metadata.uid });
  await inParallel(
    step('ServiceAccount', acts.createRunObject(SERVICE_ACCOUNTS, account)),
    step('Role', acts.createRunObject(ROLES, run.role)),
  );
  // The escalation check reads the Role.
  await step('RoleBinding', acts.createRunObject(ROLE_BINDINGS, run.roleBinding));
  // Not beside the RoleBinding: no token is minted for an account whose rights somebody else has chosen.
  const { token, expirationTimestamp } = await step(
    'token',
    acts.mintRunToken(serviceAccount, secret, run.tokenExpirationSeconds),
  );
  await step('token', acts.storeRunToken(secret, token));
  const job = annotated(run.job, { [TOKEN_EXPIRES_AT]: expirationTimestamp });
  return step('Job', acts.createRunObject(JOBS, job));
}

function annotated<T extends { metadata?: ObjectMeta }>(manifest: T, annotations: Record<string, string>): T {
  const { metadata } = manifest;
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...metadata?.annotations, ...annotations } },
  };
}

/** Names the step in the error of a failed act. */
export async function step<T>(name: string, act: Promise<T>): Promise<T> {
  try {
    return await act;
  } catch (error) {
    throw new RunCreationFailed(name, error);
  }
}

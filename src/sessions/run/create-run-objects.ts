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
import type { Run } from './build-run.ts';

/** The acts that make a run. Within a request they are a Writ's; errors are the cluster's own. */
export interface RunActs {
  createRunObject<T extends { metadata?: ObjectMeta }>(type: ResourceType, manifest: T): Promise<Stored<T>>;
  mintRunToken(
    serviceAccount: string,
    secret: string,
    expirationSeconds: number,
  ): Promise<{ token: string; expirationTimestamp: string }>;
  storeRunToken(secret: string, token: string, expirationTimestamp: string): Promise<void>;
}

/** Which object of the run could not be made. */
export class RunCreationFailed extends Error {
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`the run's ${step} could not be made`, { cause });
    this.name = 'RunCreationFailed';
    this.step = step;
  }
}

/**
 * Makes what a run needs, the Job last: until then nothing runs, and from the first object on the session owns it
 * all, so that nothing outlives it. The Secret is first, because the token is bound to it.
 */
export async function createRunObjects(acts: RunActs, run: Run): Promise<Job> {
  const secret = run.secret.metadata.name;
  const serviceAccount = run.serviceAccount.metadata.name;

  await step('Secret', acts.createRunObject(SECRETS, run.secret));
  await step('ServiceAccount', acts.createRunObject(SERVICE_ACCOUNTS, run.serviceAccount));
  await step('Role', acts.createRunObject(ROLES, run.role));
  await step('RoleBinding', acts.createRunObject(ROLE_BINDINGS, run.roleBinding));
  const { token, expirationTimestamp } = await step(
    'token',
    acts.mintRunToken(serviceAccount, secret, run.tokenExpirationSeconds),
  );
  await step('token', acts.storeRunToken(secret, token, expirationTimestamp));
  return step('Job', acts.createRunObject(JOBS, run.job));
}

async function step<T>(name: string, made: Promise<T>): Promise<T> {
  try {
    return await made;
  } catch (error) {
    throw new RunCreationFailed(name, error);
  }
}

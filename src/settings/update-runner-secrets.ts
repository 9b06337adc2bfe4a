import { z } from 'zod';
import { BadUserInput } from '../errors.ts';
import { mergeOperations } from '../kubernetes/json-patch.ts';
import { KubernetesError } from '../kubernetes/kubernetes-error.ts';
import { parseNamespace } from '../kubernetes/path.ts';
import { SECRETS } from '../kubernetes/resources.ts';
import type { UserCluster } from '../kubernetes/user-cluster.ts';
import { MANAGED_BY_WRIT } from '../model/labels-and-annotations.ts';
import { allowedRunnerSecrets, type Runners, runnerSecretsNameOf } from '../model/run-template.ts';
import { check, resourceVersion, uniqueEntries } from '../sessions/session-fields.ts';
import { assertVersion, changedSince, readSettings } from './read-settings.ts';
import { type RunnerSecret, type StoredSecret, withoutValues } from './runner-secret.ts';

const WHAT = 'The runner Secret';
const MAX_KEYS = 256;
const MAX_VALUE_BYTES = 64 * 1024;
/** Kubernetes takes 1 MiB, and a process takes about as much in its environment: other variables need some of it. */
const MAX_SECRET_BYTES = 512 * 1024;

/** Keys become environment variables. The kubelet skips a key that is no name of one. */
const newKey = z
  .string()
  .max(253)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must consist of letters, digits and "_", and not begin with a digit');
const storedKey = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/, 'must consist of letters, digits, "-", "_" and "."');

/** No message repeats a value. */
const value = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
  .refine((text) => text.isWellFormed(), 'must be valid Unicode')
  .refine(
    (text) => Buffer.byteLength(text) <= MAX_VALUE_BYTES,
    `must have at most ${MAX_VALUE_BYTES} bytes in UTF-8`,
  );

const runnerSecretsInput = z
  .object({
    project: z.string(),
    resourceVersion: resourceVersion.nullish(),
    set: uniqueEntries(z.object({ key: newKey, value }), MAX_KEYS).nullish(),
    remove: z.array(storedKey).max(MAX_KEYS).nullish(),
  })
  .superRefine(({ set, remove }, context) => {
    for (const [index, key] of (remove ?? []).entries()) {
      if (set?.some((entry) => entry.key === key))
        context.addIssue({ code: 'custom', path: ['remove', index], message: 'is set by the same input' });
    }
  });

export type UpdateRunnerSecretsInput = z.input<typeof runnerSecretsInput>;

/**
 * Sets and removes keys of the project's runner Secret as the user, and creates it if there is none. It returns null if there is
 * none and nothing was set. Errors: BAD_USER_INPUT, FORBIDDEN, NOT_FOUND, CONFLICT. None of them has a value in it.
 */
export async function updateRunnerSecrets(
  { user, runners }: { user: UserCluster; runners: Runners },
  rawInput: UpdateRunnerSecretsInput,
): Promise<RunnerSecret | null> {
  const project = parseNamespace(rawInput.project, 'input.project');
  const input = check(runnerSecretsInput, rawInput, 'input');
  const settings = await readSettings(user, project);
  const name = runnerSecretsNameOf(runners, settings?.spec?.runnerSecretsName);
  assertAllowed(name, runners);
  const stored = await user.find<StoredSecret>(SECRETS, project, name);
  assertVersion(stored, input.resourceVersion, project, WHAT);
  if (stored) assertIsRunnerSecret(stored);

  const set = (input.set ?? []).map(({ key, value: text }) => [key, Buffer.from(text).toString('base64')]);
  // A key that is not there needs no removal.
  const removed = (input.remove ?? []).filter((key) => Object.hasOwn(stored?.data ?? {}, key));
  const changes = { ...Object.fromEntries(set), ...Object.fromEntries(removed.map((key) => [key, null])) };
  assertNotTooLarge({ ...stored?.data, ...changes });
  if (Object.keys(changes).length === 0) return stored && withoutValues(stored);
  return stored ? patch(user, project, stored, changes) : create(user, project, name, changes);
}

type Changes = Record<string, string | null>;

async function create(
  user: UserCluster,
  project: string,
  name: string,
  data: Changes,
): Promise<RunnerSecret> {
  const metadata = { name, namespace: project, labels: MANAGED_BY_WRIT };
  const manifest = { apiVersion: 'v1', kind: SECRETS.kind, metadata, type: 'Opaque', data };
  return withoutValues(await user.create<StoredSecret>(SECRETS, { namespace: project }, manifest));
}

/** CONFLICT if the Secret has changed since it was read. */
async function patch(
  user: UserCluster,
  project: string,
  { metadata, data }: StoredSecret,
  changes: Changes,
): Promise<RunnerSecret> {
  const { name, uid, resourceVersion: version } = metadata;
  try {
    const secret = await user.patch<StoredSecret>(SECRETS, project, name, [
      { op: 'test', path: '/metadata/uid', value: uid },
      { op: 'test', path: '/metadata/resourceVersion', value: version },
      ...mergeOperations('/data', data, changes),
    ]);
    return withoutValues(secret);
  } catch (error) {
    if (!(error instanceof KubernetesError && error.mayBePreconditionFailed)) throw error;
    throw changedSince(project, WHAT);
  }
}

/** Where another operator runs the sessions, the settings can name a Secret that Writ's administrator has not allowed. */
function assertAllowed(name: string, { template }: Runners): void {
  const allowed = allowedRunnerSecrets(template);
  if (allowed.includes(name)) return;
  const message = `the project's settings name a Secret that the administrator does not allow: choose one of ${allowed.join(', ')}`;
  throw new BadUserInput([{ path: 'input.project', message }]);
}

/** Of another type, it belongs to whatever has made it: a token of a service account, or credentials of a registry. */
function assertIsRunnerSecret({ type, metadata }: StoredSecret): void {
  if (type === undefined || type === 'Opaque') return;
  const message = `the Secret ${metadata.name} is not of the type Opaque`;
  throw new BadUserInput([{ path: 'input.project', message }]);
}

function assertNotTooLarge(data: Changes): void {
  let bytes = 0;
  for (const [key, text] of Object.entries(data)) {
    if (text !== null) bytes += Buffer.byteLength(key) + Buffer.byteLength(text, 'base64');
  }
  if (bytes <= MAX_SECRET_BYTES) return;
  const message = `the Secret would have ${bytes} bytes, and can have at most ${MAX_SECRET_BYTES}`;
  throw new BadUserInput([{ path: 'input.set', message }]);
}

import type { Reader } from '../kubernetes/reader.ts';
import { SECRETS, type Secret, type Stored } from '../kubernetes/resources.ts';

export type StoredSecret = Stored<Secret>;

/** What leaves this folder of a Secret: never its values. */
export interface RunnerSecret {
  /** Sorted. */
  keys: string[];
  resourceVersion: string;
}

/** The project's runner Secret, read as the user, without its values; null if it does not exist. */
export async function readRunnerSecret(
  reader: Reader,
  namespace: string,
  name: string,
): Promise<RunnerSecret | null> {
  const secret = await reader.find<StoredSecret>(SECRETS, namespace, name);
  return secret && withoutValues(secret);
}

export function withoutValues({ data, metadata }: StoredSecret): RunnerSecret {
  return { keys: Object.keys(data ?? {}).sort(), resourceVersion: metadata.resourceVersion };
}

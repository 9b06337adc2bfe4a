import { BadUserInput } from '../../errors.ts';
import type { JobManifest } from './build-job.ts';
import { MAX_ENVIRONMENT_BYTES, MAX_VARIABLE_BYTES, variableBytes } from './environment-size.ts';

/** The session is stored, but its run would be too large, because the Job repeats and escapes the session's texts. */
export class RunTooLarge extends BadUserInput {
  /** What of the run is too large, for a condition. It has no text of a user. */
  readonly part: string;
  readonly limit: string;

  constructor(part: string, limit: string) {
    super([{ path: 'session.spec', message: `makes the run's ${part} larger than ${limit}` }]);
    this.part = part;
    this.limit = limit;
  }
}

/** As JSON, which is longer than what etcd stores. It accepts 1.5 MiB (`--max-request-bytes`). */
const MAX_JOB_BYTES = 1_400_000;

/** RunTooLarge if the cluster could not store the Job, or if no process could start with its environment. */
export function assertNotTooLarge(job: JobManifest): void {
  if (Buffer.byteLength(JSON.stringify(job)) > MAX_JOB_BYTES)
    throw new RunTooLarge('Job', 'the cluster accepts');
  let total = 0;
  for (const { name, value } of job.spec?.template.spec?.containers[0]?.env ?? []) {
    const bytes = variableBytes(name, unescaped(value ?? ''));
    if (bytes > MAX_VARIABLE_BYTES)
      throw new RunTooLarge(`environment variable ${name}`, 'a process can have');
    total += bytes;
  }
  if (total > MAX_ENVIRONMENT_BYTES) throw new RunTooLarge('environment', 'a process can have');
}

/** The value as the process has it: Kubernetes makes `$` of `$$`. */
function unescaped(value: string): string {
  return value.replaceAll('$$', '$');
}

import { BadUserInput } from '../../errors.ts';
import type { JobManifest } from './build-job.ts';

/** The session is stored, but its run's Job would be larger than etcd accepts: the Job repeats and escapes its texts. */
export class RunTooLarge extends BadUserInput {
  constructor() {
    super([{ path: 'session.spec', message: "makes the run's Job larger than the cluster accepts" }]);
  }
}

/** As JSON, which is longer than what etcd stores. It accepts 1.5 MiB (`--max-request-bytes`). */
const MAX_JOB_BYTES = 1_400_000;

export function assertStorable(job: JobManifest): void {
  if (Buffer.byteLength(JSON.stringify(job)) > MAX_JOB_BYTES) throw new RunTooLarge();
}

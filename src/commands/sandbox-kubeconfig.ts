import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { parse } from 'yaml';

const DIRECTORY = '.sandbox';
const KUBECONFIG = `${DIRECTORY}/kubeconfig`;

export interface KubeconfigFile {
  /** The file that has it until it is published. */
  draft: string;
  /** Gives it its place, in which users look for it, and returns the path. */
  publish(): Promise<string>;
  discard(): void;
}

/**
 * Writes a kubeconfig that replaces the last one when the sandbox runs. A sandbox that fails to start leaves that of another
 * in place, and one that runs beside another gets a file of its own.
 */
export function draftKubeconfig(kubeconfig: string): KubeconfigFile {
  mkdirSync(DIRECTORY, { recursive: true, mode: 0o700 });
  const draft = `${KUBECONFIG}.${process.pid}.new`;
  writeFileSync(draft, kubeconfig, { mode: 0o600 });
  return {
    draft,
    async publish() {
      const { server } = clusterOf(kubeconfig);
      const path = (await otherRuns(server)) ? `${KUBECONFIG}-${new URL(server).port}` : KUBECONFIG;
      renameSync(draft, path);
      return path;
    },
    discard: () => rmSync(draft, { force: true }),
  };
}

interface Cluster {
  server: string;
  'certificate-authority-data': string;
}

function clusterOf(kubeconfig: string): Cluster {
  return parse(kubeconfig).clusters[0].cluster;
}

/** Whether the sandbox of the present kubeconfig answers, and is another than the one at this address. */
async function otherRuns(server: string): Promise<boolean> {
  try {
    const present = clusterOf(readFileSync(KUBECONFIG, 'utf8'));
    if (present.server === server) return false;
    const ca = Buffer.from(present['certificate-authority-data'], 'base64');
    return await answers(`${present.server}/healthz`, ca);
  } catch {
    // There is none, or it is none that a sandbox wrote.
    return false;
  }
}

function answers(url: string, ca: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { ca, timeout: 2_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on('timeout', function (this: { destroy(): void }) {
        this.destroy();
      })
      .on('error', () => resolve(false));
  });
}

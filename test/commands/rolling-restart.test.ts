import { setTimeout as delay } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { base64, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { SESSIONS } from '../support/objects.ts';
import { startProcess } from '../support/process.ts';
import { putProject } from '../support/put-objects.ts';
import { createSessionMutation } from '../support/session-operations.ts';
import { startTcpBalancer } from '../support/tcp-balancer.ts';
import { startTestCluster } from '../support/test-cluster.ts';

/** Each has one connection, which it keeps. */
const CLIENTS = Number(process.env.RESTART_CLIENTS ?? 12);
const PROJECT = 'rolling';
const QUERY = `{ project(name: "${PROJECT}") { name } }`;
const CREATE = createSessionMutation();
/** One of so many operations is a mutation. */
const MUTATION_EVERY = 10;

describe('two replicas behind a balancer of connections, restarted one after the other', () => {
  const sandbox = startTestCluster({ demo: false });
  beforeAll(() => putProject(sandbox.as('admin'), PROJECT));

  /** A process on fixed ports, so that the one after it takes its place. */
  async function startReplica(ports: { WRIT_PORT: string; WRIT_ADMIN_PORT: string }) {
    const file = kubeconfigFile(
      { server: sandbox.server, 'certificate-authority-data': base64(sandbox.ca) },
      { token: sandbox.identities.backend.token },
    );
    const child = startProcess(['serve', '--kubeconfig', file], { WRIT_SHUTDOWN_DRAIN_MS: '4000', ...ports });
    const [, url = '', adminUrl = ''] = await child.printed(/"url":"([^"]+)","adminUrl":"([^"]+)"/);
    return { url, adminUrl, ...child };
  }

  it('reset no request, and lose or repeat no mutation', async () => {
    const random = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0' };
    const replicas = [await startReplica(random), await startReplica(random)];
    const balancer = await startTcpBalancer(replicas);
    onTestFinished(() => balancer.close());
    const authorization = `Bearer ${sandbox.identities.alice.token}`;
    const failures: string[] = [];
    const created: string[] = [];
    let queries = 0;
    let isOver = false;

    async function client(number: number): Promise<void> {
      const dispatcher = new Agent({ connections: 1, keepAliveTimeout: 60_000 });
      for (let n = 0; !isOver; n += 1) {
        const displayName = `${number}-${n}`;
        const isMutation = n % MUTATION_EVERY === 0;
        const variables = { input: { project: PROJECT, displayName, start: false } };
        const body = JSON.stringify(isMutation ? { query: CREATE, variables } : { query: QUERY });
        const headers = { authorization, 'content-type': 'application/json' };
        try {
          const response = await fetch(balancer.url, { method: 'POST', dispatcher, headers, body });
          const { errors } = (await response.json()) as { errors?: object[] };
          if (errors) failures.push(JSON.stringify(errors));
          else if (isMutation) created.push(displayName);
          else queries += 1;
        } catch (error) {
          failures.push(String((error as Error).cause ?? error));
        }
        // Some send all the time, others leave their connection idle in between.
        await delay((number % 4) * 20);
      }
      await dispatcher.close();
    }
    const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));

    let restarts = 0;
    for (const { url, adminUrl, stop } of replicas) {
      await delay(300);
      expect(await stop()).toBe(0);
      const ports = [url, adminUrl].map((each) => new URL(each).port);
      const [WRIT_PORT = '', WRIT_ADMIN_PORT = ''] = ports;
      await startReplica({ WRIT_PORT, WRIT_ADMIN_PORT });
      await eventually(() => expect(replicas.every(balancer.isServed)).toBe(true));
      restarts += 1;
    }
    await delay(300);
    isOver = true;
    await Promise.all(clients);

    process.stdout.write(
      `${restarts} restarts, ${CLIENTS} connections: ${queries} queries, ${created.length} mutations, ${failures.length} failed\n`,
    );
    expect(failures).toEqual([]);
    const { items } = (await sandbox.as('admin').get(SESSIONS(PROJECT))).body;
    const stored = items.map(({ spec }: { spec: { displayName: string } }) => spec.displayName);
    expect(stored.sort()).toEqual(created.sort());
  });
});

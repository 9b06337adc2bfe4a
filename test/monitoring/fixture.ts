import { beforeAll } from 'vitest';
import { createControllerProcess } from '../../src/commands/controller.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { controlled, TIMINGS } from '../controller/fixture.ts';
import { type Rule as ProxyRule, status } from '../support/cluster-proxy.ts';
import { DESCRIBE, started } from '../support/hooks.ts';
import { startProxiedWrit } from '../support/proxied-writ.ts';
import { putProject } from '../support/put-objects.ts';
import { putSchedule } from '../support/schedules.ts';
import { startWritOn } from '../support/writ.ts';
import { startPrometheus } from './prometheus.ts';

const PROJECT = 'measured';
/** Projects whose calls fail on the way to the cluster. */
const FAILING = 'failing';
const THROTTLED = 'throttled';
const UNREVIEWED = 'unreviewed';

/** A sweep or review each second is enough to be counted. */
const CALM = {
  ...TIMINGS,
  sweep: { ...TIMINGS.sweep, everyMs: 1_000 },
  schedules: { ...TIMINGS.schedules, reviewEveryMs: 1_000 },
};

const CREATE = `mutation CreateSession($project: String!, $name: String!) {
  createSession(input: { project: $project, name: $name, initialPrompt: "Do it" }) { session { name } }
}`;
const READ = `query ListSessions($project: String!) {
  project(name: $project) { viewerCan(verb: "delete") sessions { nodes { name phase } } }
}`;
const FOLLOW = `subscription SessionEvents { sessions(project: "${PROJECT}") { events { type } } }`;

/** An API server that is not well. */
const troubles: ProxyRule = ({ method, path, body }, forward) => {
  if (path.includes(`/namespaces/${THROTTLED}`)) return status(429, 'TooManyRequests');
  if (method === 'GET' && path.includes(`/namespaces/${FAILING}`)) return status(503, 'ServiceUnavailable');
  if (method === 'POST' && path.includes(`/namespaces/${FAILING}/jobs`)) return status(500, 'InternalError');
  if (path.includes('/selfsubjectaccessreviews') && body.includes(UNREVIEWED))
    return status(500, 'InternalError');
  return forward();
};

/** A Prometheus that scrapes two replicas of the API, one of which has an API server that fails, and the controller. */
export function startMonitoredWrit() {
  const troubled = startProxiedWrit({ sandbox: { demo: false } });
  const { sandbox } = troubled;
  const healthy = startWritOn(sandbox);
  const cluster = controlled(sandbox);
  const controller = started(
    DESCRIBE,
    async () => {
      const process = createControllerProcess({
        config: readConfig({ WRIT_ADMIN_PORT: '0' }),
        cluster: {
          endpoint: troubled.proxy.endpoint,
          backendEndpoint: troubled.proxy.endpoint,
          backendCredential: async () => `Bearer ${sandbox.identities.controller.token}`,
        },
        logger: createLogger({ level: 'silent' }),
        timings: CALM,
      });
      return { ...process, ...(await process.start()) };
    },
    ({ close }) => close(),
  );
  const prometheus = startPrometheus(() => [
    { job: 'writ-api', pod: 'healthy', adminUrl: healthy.adminUrl },
    { job: 'writ-api', pod: 'troubled', adminUrl: troubled.adminUrl },
    { job: 'writ-controller', pod: 'controller', adminUrl: controller().adminUrl },
  ]);
  beforeAll(async () => {
    for (const project of [PROJECT, FAILING, THROTTLED, UNREVIEWED])
      await putProject(sandbox.as('admin'), project);
    await putSchedule(sandbox, PROJECT, 'nightly');
  });

  let count = 0;
  /** Some traffic of each kind: series must have grown between two scrapes. */
  async function use(): Promise<void> {
    troubled.proxy.set(troubles);
    count += 1;
    const name = `session-${count}`;
    await healthy.as('alice', READ, { project: PROJECT });
    await healthy.as('alice', CREATE, { project: PROJECT, name });
    // Its name is taken.
    await healthy.as('alice', CREATE, { project: PROJECT, name });
    await healthy.as('mallory', CREATE, { project: PROJECT, name });
    await healthy.as('alice', FOLLOW);
    await troubled.as('alice', READ, { project: FAILING });
    await troubled.as('alice', READ, { project: THROTTLED });
    await troubled.as('alice', CREATE, { project: UNREVIEWED, name });
    await cluster.startedSession(FAILING, name);
  }

  return { prometheus, use, pages: () => [healthy.adminUrl, controller().adminUrl] };
}

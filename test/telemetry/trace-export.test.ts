import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { base64, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { startProcess } from '../support/process.ts';
import { startTestCluster } from '../support/test-cluster.ts';
import { startCollector } from '../support/trace-collector.ts';
import { startWritOn } from '../support/writ.ts';

const collector = await startCollector();
const SECRET = 'secret-of-the-collector';
const QUERY = '{ viewer { username } }';

describe('a collector', () => {
  const cluster = startTestCluster();
  const limits = { OTEL_BSP_MAX_QUEUE_SIZE: '50', OTEL_BSP_EXPORT_TIMEOUT: '300' };
  const writ = startWritOn(cluster, { environment: collector.environment(limits) });
  afterEach(() => {
    collector.answers.status = 200;
  });
  const lost = () => writ.log.lines().filter(({ msg }) => msg === 'spans were not exported');

  it.each([500, 400, 'hang'] as const)(
    'that answers with %s fails no request, and fills no log',
    async (status) => {
      collector.answers.status = status;
      const before = collector.bodies.length;
      for (let n = 0; n < 30; n += 1) expect((await writ.as('alice', QUERY)).errors).toBeUndefined();
      await eventually(() => expect(collector.bodies.length).toBeGreaterThan(before));
      await eventually(() => expect(lost().length).toBe(1));
      expect(JSON.stringify(lost())).not.toContain('127.0.0.1');
    },
  );
});

describe('writ serve', () => {
  const cluster = startTestCluster();

  async function serve(environment: Record<string, string>) {
    const file = kubeconfigFile(
      { server: cluster.server, 'certificate-authority-data': base64(cluster.ca) },
      { token: cluster.identities.backend.token },
    );
    const ports = { WRIT_PORT: '0', WRIT_ADMIN_PORT: '0', WRIT_SHUTDOWN_DRAIN_MS: '0' };
    const child = startProcess(['serve', '--kubeconfig', file], {
      ...ports,
      // No export before the end.
      ...collector.environment({ OTEL_BSP_SCHEDULE_DELAY: '600000' }),
      OTEL_EXPORTER_OTLP_HEADERS: `x-collector=${SECRET}`,
      ...environment,
    });
    const [, exported = ''] = await child.printed(/^(.*"traces are exported".*)$/m);
    const [, url = ''] = await child.printed(/"url":"([^"]+)"/);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${cluster.identities.alice.token}`,
      },
      body: JSON.stringify({ query: QUERY }),
    });
    expect(response.status).toBe(200);
    await response.text();
    await child.printed(/"msg":"operation"/);
    return { ...child, exported, requestId: response.headers.get('x-request-id') };
  }

  it("reads OpenTelemetry's own variables, and exports what is left when it ends", async () => {
    const { stop, exported, requestId } = await serve({
      OTEL_SERVICE_NAME: 'writ-of-this-test',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    expect(exported).not.toContain(SECRET);
    expect(await stop()).toBe(0);
    const [span] = await collector.traceOf(requestId);
    expect(span?.resource).toMatchObject({
      'service.name': 'writ-of-this-test',
      'service.instance.id': expect.any(String),
      'deployment.environment.name': 'test',
    });
    expect(collector.headers.at(-1)).toMatchObject({
      'x-collector': SECRET,
      'content-type': 'application/x-protobuf',
    });
  });

  it('ends although its collector does not answer', async () => {
    collector.answers.status = 'hang';
    const before = collector.bodies.length;
    const { stop } = await serve({ OTEL_BSP_EXPORT_TIMEOUT: '4000' });
    expect(await stop()).toBe(0);
    expect(collector.bodies.length).toBeGreaterThan(before);
  });

  it('samples by the ratio that is set', async () => {
    collector.answers.status = 200;
    const before = collector.bodies.length;
    const sampling = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' };
    const { stop, printed } = await serve(sampling);
    // The line of the log has a trace id all the same: other systems may have sampled it.
    expect((await printed(/"traceId":"([0-9a-f]{32})"/))[1]).toBeDefined();
    expect(await stop()).toBe(0);
    expect(collector.bodies.length).toBe(before);
  });
});

import { expect, it, onTestFinished } from 'vitest';
import { loadTracing } from '../../src/commands/tracing.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { eventually } from '../support/eventually.ts';
import { inTest } from '../support/hooks.ts';
import { startCollector } from '../support/trace-collector.ts';
import { startControlledCluster } from './fixture.ts';

const collector = await startCollector();
const PROJECT = 'traced-passes';

it('a pass of the controller that makes calls is a trace of its own, with these calls', async () => {
  const cluster = await inTest(startControlledCluster);
  await cluster.project(PROJECT);
  const { tracing } = await loadTracing(readConfig(collector.environment()), {
    serviceName: 'writ-controller',
    server: cluster.sandbox.server,
    logger: createLogger({ level: 'silent' }),
  });
  if (!tracing) throw new Error('tracing is off');
  onTestFinished(() => tracing.close());
  const { acts } = await cluster.startReplica({ tracing });
  await cluster.startedSession(PROJECT, 'traced');
  const { uid } = (await cluster.session(PROJECT, 'traced')).metadata;
  await eventually(async () => expect((await cluster.jobs(PROJECT, uid)).length).toBe(1));
  const create = await eventually(() => {
    const found = collector.spans.find(({ name }) => name === 'create jobs');
    if (!found) throw new Error('no span of the creation of the Job');
    return found;
  });
  const pass = await eventually(() => {
    const found = collector.spans.find(({ spanId }) => spanId === create.parentSpanId);
    if (!found) throw new Error('no span of the pass');
    return found;
  });
  const act = acts.find(({ object }) => object.kind === 'Job');
  expect(pass).toMatchObject({
    name: 'reconcile session',
    parentSpanId: '',
    resource: { 'service.name': 'writ-controller' },
    attributes: { 'k8s.namespace.name': PROJECT, 'writ.request_id': act?.requestId },
  });
  expect(create.attributes).toMatchObject({ 'writ.kubernetes.identity': 'backend' });
  expect(create.attributes['writ.kubernetes.audit_id']).toMatch(`${act?.requestId}.`);
  // Neither watches nor the lists before them are traced, nor passes without calls.
  const spans = [...collector.spans];
  expect(spans.filter(({ name }) => /^watch |leases/.test(name))).toEqual([]);
  const parents = new Set(spans.map(({ parentSpanId }) => parentSpanId));
  expect(spans.filter(({ name, spanId }) => name === 'reconcile session' && !parents.has(spanId))).toEqual(
    [],
  );
});

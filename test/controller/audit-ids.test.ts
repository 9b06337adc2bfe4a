import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { CONTROLLER } from '../support/test-cluster.ts';
import { startControlledCluster } from './fixture.ts';

const PROJECT = 'audited';
const WRITES = new Set(['create', 'patch', 'delete']);

describe('the audit records of the controller', () => {
  const cluster = startControlledCluster();

  it('have the Audit-IDs of all its writes in projects, each once', async () => {
    await cluster.project(PROJECT);
    const replica = await cluster.startReplica();
    await cluster.startedSession(PROJECT, 'repaired');
    const sent = () =>
      cluster.sandbox.requests.filter(
        ({ user, verb, namespace, resource, path }) =>
          user === CONTROLLER &&
          namespace === PROJECT &&
          WRITES.has(verb) &&
          !resource.includes('review') &&
          !path.includes('dryRun='),
      );
    const acts = () => [...replica.acts, ...replica.eventActs];
    const recorded = () =>
      acts()
        .flatMap(({ auditIds }) => auditIds)
        .toSorted();
    await eventually(() => {
      expect(replica.done('updateSessionStatus').length).toBeGreaterThan(0);
      expect(sent().length).toBeGreaterThan(5);
      expect(recorded()).toEqual(
        sent()
          .map(({ auditId }) => auditId)
          .toSorted(),
      );
    });
    for (const { requestId, auditIds } of acts()) {
      expect(auditIds.every((id) => id.startsWith(`${requestId}.`))).toBe(true);
    }
  });
});

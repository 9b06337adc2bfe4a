import { at, type Fields, isFields, type KubeObject, listAt, timestamp } from './objects.ts';
import type { Registry } from './registry.ts';

/**
 * Moves the status of a session with the Job that it controls. It stands in for Writ's controller and goes when that
 * is there. The answer stops it.
 */
export function startSessionStatus(registry: Registry): () => void {
  const jobs = registry.resource('batch', 'jobs');
  const sessions = registry.resource('vteam.ambient-code', 'agenticsessions');
  return registry.store.subscribe(({ resource, type, object: job }) => {
    const owner = job.metadata.ownerReferences?.find(
      (ref) => ref.controller && ref.kind === 'AgenticSession',
    );
    if (resource !== jobs || !owner) return;
    const session = registry.store.get(sessions, job.metadata.namespace, owner.name);
    if (session?.metadata.uid !== owner.uid) return;
    const before = isFields(session.status) ? session.status : {};
    const status = { ...before, ...statusFrom(job, type === 'DELETED', before) };
    registry.update(sessions, session, { ...session, status }, 'status');
  });
}

function statusFrom(job: KubeObject, deleted: boolean, before: Fields): Fields {
  const finished = listAt(job, 'status', 'conditions').find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  const startTime = at(job, 'status', 'startTime');
  const started = startTime === undefined ? {} : { startTime };
  if (finished) {
    const phase = finished.type === 'Complete' ? 'Completed' : 'Failed';
    return { ...started, phase, completionTime: before.completionTime ?? timestamp() };
  }
  if (deleted) return { ...started, phase: 'Stopped', completionTime: timestamp() };
  return { ...started, phase: at(job, 'status', 'ready') === 1 ? 'Running' : 'Pending' };
}

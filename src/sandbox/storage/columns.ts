import { at, type KubeObject, listAt, stringAt } from '../objects.ts';

/** A column of `kubectl get`: a path of plain field names, or a function if the value is computed. */
export interface Column {
  name: string;
  type: string;
  path: string | ((object: KubeObject) => unknown);
  priority?: number;
}

/** A duration as kubectl prints it: 45s, 12m, 5h, 3d. */
function humanDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

export function cell(column: Column, object: KubeObject): unknown {
  const value =
    typeof column.path === 'function' ? column.path(object) : at(object, ...column.path.slice(1).split('.'));
  if (column.type !== 'date') return value ?? '';
  return typeof value === 'string' ? humanDuration(Date.now() - Date.parse(value)) : '<unknown>';
}

export const age: Column = { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' };

function readyContainers(pod: KubeObject): string {
  const ready = listAt(pod, 'status', 'containerStatuses').filter((status) => status.ready === true);
  return `${ready.length}/${listAt(pod, 'spec', 'containers').length}`;
}

function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  const phase = stringAt(pod, 'status', 'phase') ?? '';
  return phase === 'Succeeded' ? 'Completed' : phase;
}

function jobStatus(job: KubeObject): string {
  if (job.metadata.deletionTimestamp) return 'Terminating';
  const conditions = listAt(job, 'status', 'conditions').filter((c) => c.status === 'True');
  const types = conditions.map((c) => c.type);
  return types.includes('Failed') ? 'Failed' : types.includes('Complete') ? 'Complete' : 'Running';
}

export const podColumns: Column[] = [
  { name: 'Ready', type: 'string', path: readyContainers },
  { name: 'Status', type: 'string', path: podStatus },
  { name: 'Restarts', type: 'integer', path: () => 0 },
  age,
];

export const jobColumns: Column[] = [
  { name: 'Status', type: 'string', path: jobStatus },
  {
    name: 'Completions',
    type: 'string',
    path: (job) => `${at(job, 'status', 'succeeded') ?? 0}/${at(job, 'spec', 'completions') ?? 1}`,
  },
  age,
];

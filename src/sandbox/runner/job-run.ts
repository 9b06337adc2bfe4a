import { setTimeout as sleep } from 'node:timers/promises';
import { at, type Fields, isFields, type KubeObject, listAt, timestamp } from '../objects.ts';
import { deleteObject } from '../storage/deletion.ts';
import type { Registry } from '../storage/registry.ts';
import { recordEvent } from './events.ts';
import type { PodLogs } from './pod-logs.ts';

export interface RunnerOptions {
  /** Milliseconds that a pod is Pending. */
  pendingMs: number;
  /** Milliseconds that it then runs. */
  runningMs: number;
}

const logLines = [
  'runner starting',
  'cloning repositories',
  'agent session opened',
  'reading the code',
  'working on the task',
  'running the tests',
  'done, exit code 0',
];

/** One run of a Job in one pod. */
export class JobRun {
  readonly #registry: Registry;
  readonly #logs: PodLogs;
  readonly #job: KubeObject;
  #pod: KubeObject | undefined;

  constructor(registry: Registry, logs: PodLogs, job: KubeObject) {
    this.#registry = registry;
    this.#logs = logs;
    this.#job = job;
  }

  /** Synchronous with the Job's event: the startTime marks the Job as started before its next event. */
  start(): void {
    this.#setJobStatus({ active: 1, ready: 0, startTime: timestamp() });
  }

  async play({ pendingMs, runningMs }: RunnerOptions, signal: AbortSignal): Promise<void> {
    const deadline =
      Number(at(this.#job, 'spec', 'activeDeadlineSeconds') ?? Number.POSITIVE_INFINITY) * 1000;
    const lineMs = runningMs / (logLines.length + 1);
    const steps: { ms: number; act: () => unknown }[] = [
      { ms: 0, act: () => this.#createPod() },
      { ms: pendingMs, act: () => this.#run() },
      ...logLines.map((line) => ({ ms: lineMs, act: () => this.#log(line) })),
      { ms: lineMs, act: () => this.#succeed() },
    ];
    let elapsed = 0;
    for (const { ms, act } of steps) {
      do {
        const isLate = elapsed + ms > deadline;
        await sleep(isLate ? deadline - elapsed : ms, undefined, { signal });
        elapsed += ms;
        if (!this.#isActive()) return;
        if (isLate) return this.fail('DeadlineExceeded', 'Job was active longer than specified deadline');
      } while (act() === 'retry');
    }
  }

  /** Whether the Job and its pod, if created, still exist. */
  #isActive(): boolean {
    const job = this.#current('batch', 'jobs', this.#job);
    if (!job || job.metadata.deletionTimestamp) return false;
    return this.#pod === undefined || this.#current('', 'pods', this.#pod) !== undefined;
  }

  #current(group: string, plural: string, { metadata }: KubeObject): KubeObject | undefined {
    const resource = this.#registry.resource(group, plural);
    const found = this.#registry.store.get(resource, metadata.namespace, metadata.name);
    return found?.metadata.uid === metadata.uid ? found : undefined;
  }

  #createPod(): void {
    const { name, namespace, uid } = this.#job.metadata;
    const template = at(this.#job, 'spec', 'template');
    const ownerReference = { apiVersion: 'batch/v1', kind: 'Job', name, uid };
    const pods = this.#registry.resource('', 'pods');
    this.#pod = this.#registry.create(pods, namespace, {
      metadata: {
        generateName: `${name}-`,
        labels: at(template, 'metadata', 'labels'),
        annotations: at(template, 'metadata', 'annotations'),
        ownerReferences: [{ ...ownerReference, controller: true, blockOwnerDeletion: true }],
      },
      spec: { ...(at(template, 'spec') as Fields), nodeName: 'sandbox' },
    });
    this.#setPodStatus('Pending', false, { waiting: { reason: 'ContainerCreating' } });
    const { name: podName } = this.#pod.metadata;
    this.#jobEvent('SuccessfulCreate', `Created pod: ${podName}`);
    this.#podEvent('Scheduled', `Successfully assigned ${namespace}/${podName} to sandbox`);
  }

  #run(): 'retry' | undefined {
    const message = this.#missingSecret();
    if (message) {
      this.#setPodStatus('Pending', false, { waiting: { reason: 'CreateContainerConfigError', message } });
      return 'retry';
    }
    this.#setPodStatus('Running', true, { running: { startedAt: timestamp() } });
    this.#setJobStatus({ active: 1, ready: 1 });
    for (const container of this.#containers()) {
      this.#podEvent('Pulled', `Container image "${container.image}" already present on machine`);
      this.#podEvent('Started', `Started container ${container.name}`);
    }
  }

  /** The kubelet's message if the Secret of an environment variable, or its key, does not exist. */
  #missingSecret(): string | undefined {
    const secrets = this.#registry.resource('', 'secrets');
    const { namespace } = this.#job.metadata;
    const references = this.#containers()
      .flatMap((container) => listAt(container, 'env'))
      .map((variable) => at(variable, 'valueFrom', 'secretKeyRef'))
      .filter(isFields);
    for (const { name, key } of references) {
      const secret = this.#registry.store.get(secrets, namespace, String(name));
      if (!secret) return `secret "${name}" not found`;
      if (at(secret, 'data', String(key)) === undefined)
        return `couldn't find key ${key} in Secret ${namespace}/${name}`;
    }
    return undefined;
  }

  #log(line: string): void {
    const uid = this.#pod?.metadata.uid ?? '';
    for (const { name } of this.#containers()) this.#logs.append(uid, String(name), line);
  }

  #succeed(): void {
    const finishedAt = timestamp();
    this.#setPodStatus('Succeeded', false, { terminated: { exitCode: 0, reason: 'Completed', finishedAt } });
    const conditions = ['SuccessCriteriaMet', 'Complete'].map((t) => condition(t, 'CompletionsReached'));
    this.#setJobStatus({ active: 0, ready: 0, succeeded: 1, completionTime: finishedAt, conditions });
    this.#jobEvent('Completed', 'Job completed');
  }

  fail(reason: string, message: string): void {
    const pod = this.#pod && this.#current('', 'pods', this.#pod);
    if (pod) deleteObject(this.#registry, this.#registry.resource('', 'pods'), pod);
    const conditions = ['FailureTarget', 'Failed'].map((type) => condition(type, reason, message));
    this.#setJobStatus({ active: 0, ready: 0, failed: 1, conditions });
    this.#jobEvent(reason, message, 'Warning');
  }

  #containers(): Fields[] {
    return listAt(this.#pod, 'spec', 'containers');
  }

  #jobEvent(reason: string, message: string, type?: 'Warning'): void {
    recordEvent(this.#registry, this.#job, 'job-controller', reason, message, type);
  }

  #podEvent(reason: string, message: string): void {
    if (this.#pod) recordEvent(this.#registry, this.#pod, 'kubelet', reason, message);
  }

  #setJobStatus(status: Fields): void {
    const job = this.#current('batch', 'jobs', this.#job);
    const before = isFields(job?.status) ? job.status : {};
    if (job) this.#setStatus('batch', 'jobs', job, { ...before, ...status });
  }

  #setPodStatus(phase: string, ready: boolean, state: Fields): void {
    const pod = this.#pod && this.#current('', 'pods', this.#pod);
    if (!pod) return;
    const containerStatuses = this.#containers().map(({ name, image }) => {
      return { name, image, ready, started: ready, restartCount: 0, state };
    });
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: timestamp() }];
    const startTime = pod.metadata.creationTimestamp;
    this.#setStatus('', 'pods', pod, { phase, startTime, conditions, containerStatuses });
  }

  #setStatus(group: string, plural: string, object: KubeObject, status: Fields): void {
    this.#registry.update(this.#registry.resource(group, plural), object, { ...object, status }, 'status');
  }
}

function condition(type: string, reason: string, message = ''): Fields {
  const now = timestamp();
  return { type, status: 'True', reason, message, lastTransitionTime: now, lastProbeTime: now };
}

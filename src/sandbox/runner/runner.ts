import { setTimeout as sleep } from 'node:timers/promises';
import { at, type Fields, isFields, type KubeObject, listAt, stringAt, timestamp } from '../objects.ts';
import { deleteObject } from '../storage/deletion.ts';
import type { Registry } from '../storage/registry.ts';
import { recordEvent } from './events.ts';
import type { PodLogs } from './pod-logs.ts';

export interface RunnerOptions {
  /** How long a pod is Pending, in milliseconds. */
  pendingMs: number;
  /** How long it then runs. */
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

/**
 * Stands for the Job controller and the kubelet: gives every new Job that is not suspended a pod, which runs and
 * succeeds. The answer stops it.
 */
export function startRunner(registry: Registry, logs: PodLogs, options: RunnerOptions): () => void {
  const stop = new AbortController();
  const jobs = registry.resource('batch', 'jobs');
  const unsubscribe = registry.store.subscribe(({ resource, type, object }) => {
    if (resource !== jobs || type === 'DELETED' || object.metadata.deletionTimestamp) return;
    if (stringAt(object, 'status', 'startTime') || at(object, 'spec', 'suspend') === true) return;
    const run = new JobRun(registry, logs, object);
    run.start();
    void run.play(options, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted)
        run.fail('FailedCreate', error instanceof Error ? error.message : String(error));
    });
  });
  return () => {
    unsubscribe();
    stop.abort();
  };
}

class JobRun {
  readonly #registry: Registry;
  readonly #logs: PodLogs;
  readonly #job: KubeObject;
  #pod: KubeObject | undefined;

  constructor(registry: Registry, logs: PodLogs, job: KubeObject) {
    this.#registry = registry;
    this.#logs = logs;
    this.#job = job;
  }

  /** In the same turn as the event, so that the Job's startTime says that it is taken. */
  start(): void {
    this.#setJobStatus({ active: 1, ready: 0, startTime: timestamp() });
  }

  async play({ pendingMs, runningMs }: RunnerOptions, signal: AbortSignal): Promise<void> {
    const deadline =
      Number(at(this.#job, 'spec', 'activeDeadlineSeconds') ?? Number.POSITIVE_INFINITY) * 1000;
    const steps: { ms: number; act: () => unknown }[] = [
      { ms: 0, act: () => this.#createPod() },
      { ms: pendingMs, act: () => this.#run() },
      ...logLines.map((line) => ({ ms: runningMs / (logLines.length + 1), act: () => this.#log(line) })),
      { ms: runningMs / (logLines.length + 1), act: () => this.#succeed() },
    ];
    let elapsed = 0;
    for (const { ms, act } of steps) {
      do {
        const late = elapsed + ms > deadline;
        await sleep(late ? deadline - elapsed : ms, undefined, { signal });
        elapsed += ms;
        if (!this.#isWanted()) return;
        if (late) return this.fail('DeadlineExceeded', 'Job was active longer than specified deadline');
      } while (act() === 'again');
    }
  }

  /** Whether the Job and, once there is one, the pod are still there. */
  #isWanted(): boolean {
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
    const labels = at(template, 'metadata', 'labels');
    const owner = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      name,
      uid,
      controller: true,
      blockOwnerDeletion: true,
    };
    const pods = this.#registry.resource('', 'pods');
    this.#pod = this.#registry.create(pods, namespace, {
      metadata: {
        generateName: `${name}-`,
        labels: {
          ...(isFields(labels) && labels),
          'batch.kubernetes.io/job-name': name,
          'batch.kubernetes.io/controller-uid': uid,
          'job-name': name,
        },
        annotations: at(template, 'metadata', 'annotations'),
        ownerReferences: [owner],
      },
      spec: { ...(at(template, 'spec') as Fields), nodeName: 'sandbox' },
    });
    const waiting = { waiting: { reason: 'ContainerCreating' } };
    this.#setPodStatus('Pending', false, waiting);
    const created = `Created pod: ${this.#pod.metadata.name}`;
    recordEvent(this.#registry, this.#job, 'job-controller', 'SuccessfulCreate', created);
    this.#podEvent('Scheduled', `Successfully assigned ${namespace}/${this.#pod.metadata.name} to sandbox`);
  }

  #run(): 'again' | undefined {
    const message = this.#missingSecret();
    if (message) {
      this.#setPodStatus('Pending', false, { waiting: { reason: 'CreateContainerConfigError', message } });
      return 'again';
    }
    this.#setPodStatus('Running', true, { running: { startedAt: timestamp() } });
    this.#setJobStatus({ active: 1, ready: 1 });
    for (const container of this.#containers()) {
      this.#podEvent('Pulled', `Container image "${container.image}" already present on machine`);
      this.#podEvent('Started', `Started container ${container.name}`);
    }
  }

  /** What the kubelet says where a variable's Secret is not there, or has no such key. */
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
    for (const { name } of this.#containers()) this.#logs.end(this.#pod?.metadata.uid ?? '', String(name));
    const done = ['SuccessCriteriaMet', 'Complete'].map((type) => condition(type, 'CompletionsReached'));
    this.#setJobStatus({ active: 0, ready: 0, succeeded: 1, completionTime: finishedAt, conditions: done });
    recordEvent(this.#registry, this.#job, 'job-controller', 'Completed', 'Job completed');
  }

  fail(reason: string, message: string): void {
    const pod = this.#pod && this.#current('', 'pods', this.#pod);
    if (pod) deleteObject(this.#registry, this.#registry.resource('', 'pods'), pod);
    const failed = ['FailureTarget', 'Failed'].map((type) => condition(type, reason, message));
    this.#setJobStatus({ active: 0, ready: 0, failed: 1, conditions: failed });
    recordEvent(this.#registry, this.#job, 'job-controller', reason, message, 'Warning');
  }

  #containers(): Fields[] {
    return listAt(this.#pod, 'spec', 'containers');
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
  return {
    type,
    status: 'True',
    reason,
    message,
    lastTransitionTime: timestamp(),
    lastProbeTime: timestamp(),
  };
}

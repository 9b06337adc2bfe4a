import DataLoader from 'dataloader';
import type { RequestBudget } from '../budgets/request-budget.ts';
import { QueryTooComplex } from '../errors.ts';
import { latestFirst } from '../kubernetes/event-time.ts';
import { GrantFinder } from '../kubernetes/rbac/grant-finder.ts';
import type { AnyObject, MirroredReader, Reader } from '../kubernetes/reader.ts';
import {
  controllerUidOf,
  JOBS,
  type Job,
  NAMESPACES,
  type Namespace,
  PODS,
  type Pod,
  type ResourceType,
} from '../kubernetes/resources.ts';
import { scan } from '../kubernetes/scan.ts';
import type { RunStep } from '../kubernetes/scope.ts';
import { MANAGED_LABEL, SESSION_NAME_LABEL, SESSION_UID_LABEL } from '../model/labels-and-annotations.ts';
import type { AgenticSession } from '../model/session.ts';
import { newestFirst } from '../sessions/run/job-state.ts';
import { type RunnerSecret, readRunnerSecret } from '../settings/runner-secret.ts';
import { readEvents, type SessionEvents } from './session/events.ts';
import { type Lineage, readLineage, readSessionsByName } from './session/lineage.ts';
import type { SessionPage, SessionPageRequest } from './session/selection.ts';
import { scanSessions } from './session/session-scan.ts';

/** The related objects of a page of sessions, read as the caller with one list call for all of the sessions. */
export type Loaders = ReturnType<typeof createLoaders>;

/** Jobs and pods of a session whose events are read, the newest: by default Kubernetes deletes events after an hour. */
const MAX_SELECTED = 19;
/** Sessions per list call: their UIDs are part of its label selector, and the length of a URL is limited. */
const MAX_BATCH = 100;
/** Names can be longer than UIDs: of a longer selector, all values are selected. */
const MAX_SELECTOR = 4_096;
const MAX_LABEL = 63;

interface ObjectName {
  namespace: string;
  name: string;
}

interface ObjectKey extends ObjectName {
  type: ResourceType;
}

export function createLoaders(
  reader: MirroredReader,
  scanLimit: number,
  budget?: RequestBudget,
  runStep?: RunStep,
) {
  const loader = loaderIn(runStep);
  const bySession = bySessionWith(loader);
  /** Null also for a namespace that is not managed. */
  const projects = loader<string, Namespace | null>(
    'projects',
    (names) => settle(names, (name) => findProject(reader, name)),
    { maxBatchSize: MAX_BATCH },
  );

  const objects = loader<ObjectKey, AnyObject | null, string>(
    'objects',
    (keys) => settle(keys, ({ type, namespace, name }) => reader.find(type, namespace, name)),
    { cacheKeyFn: ({ type, ...name }) => `${type.resource}/${keyOf(name)}`, maxBatchSize: MAX_BATCH },
  );
  /** An object by its name; null if it does not exist. */
  const find = <T extends AnyObject>(type: ResourceType, name: ObjectName) =>
    objects.load({ type, ...name }) as Promise<T | null>;

  /** The values of a Secret are dropped as soon as it is read. */
  const runnerSecrets = loader<ObjectName, RunnerSecret | null, string>(
    'runnerSecrets',
    (names) => settle(names, ({ namespace, name }) => readRunnerSecret(reader, namespace, name)),
    { cacheKeyFn: keyOf, maxBatchSize: MAX_BATCH },
  );

  /** The Jobs that the session controls, newest first. */
  const jobs = bySession<Job[]>('jobs', async (namespace, batch) => {
    const found = await childrenOf<Job>(JOBS, namespace, batch);
    return batch.map((session) =>
      found.filter((job) => controllerUidOf(job) === session.metadata.uid).sort(newestFirst),
    );
  });

  /** The Pods of the session's Jobs, or those without a Job that another operator has made for it, newest first. */
  const pods = bySession<Pod[]>('pods', async (namespace, batch) => {
    const [found, jobsOf] = await allOf([
      childrenOf<Pod>(PODS, namespace, batch),
      orThrow(jobs.loadMany(batch)),
    ]);
    const withoutJobs = batch.filter((_, index) => jobsOf[index]?.length === 0);
    const others = await podsByName(namespace, withoutJobs);
    return batch.map(({ metadata: { uid } }, index) => {
      const jobs = jobsOf[index] ?? [];
      const [all, controllers] =
        jobs.length > 0 ? [found, new Set(jobs.map((job) => job.metadata.uid))] : [others, new Set([uid])];
      return all.filter((pod) => controllers.has(controllerUidOf(pod) ?? '')).sort(newestFirst);
    });
  });

  /** One list of a project's events serves all sessions of a page. */
  const projectEvents = loader<string, SessionEvents>('projectEvents', (namespaces) =>
    settle(namespaces, (namespace) => readEvents(reader, namespace)),
  );

  const events = bySession<SessionEvents>('events', async (namespace, batch) => {
    const [session] = batch;
    if (session && batch.length === 1) return [await eventsOfOne(namespace, session)];
    const [found, jobsOf, podsOf] = await allOf([
      projectEvents.load(namespace),
      orThrow(jobs.loadMany(batch)),
      orThrow(pods.loadMany(batch)),
    ]);
    const sorted = found.events.toSorted(latestFirst);
    return batch.map((session, index) => {
      const own = [session, ...(jobsOf[index] ?? []), ...(podsOf[index] ?? [])];
      const uids = new Set(own.map((object) => object.metadata.uid));
      const ownEvents = sorted.filter((event) => uids.has(event.involvedObject.uid ?? ''));
      return { events: ownEvents, truncated: found.truncated };
    });
  });

  /** Selected by the cluster, with a list for each object: a field selector has no "or". */
  async function eventsOfOne(namespace: string, session: AgenticSession): Promise<SessionEvents> {
    const [own, itsJobs, itsPods] = await allOf([
      readEvents(reader, namespace, session.metadata.uid),
      jobs.load(session),
      pods.load(session),
    ]);
    const runs: AnyObject[] = [...itsJobs, ...itsPods].sort(newestFirst);
    const selected = runs.slice(0, MAX_SELECTED);
    const others = await allOf(selected.map(({ metadata }) => readEvents(reader, namespace, metadata.uid)));
    const all = [own, ...others];
    return {
      events: all.flatMap(({ events }) => events).sort(latestFirst),
      truncated: runs.length > MAX_SELECTED || all.some(({ truncated }) => truncated),
    };
  }

  const lineage = loader<string, Lineage>('lineage', (namespaces) =>
    settle(namespaces, (namespace) => readLineage(reader, budget, scanLimit, namespace)),
  );

  /** Sessions that a list has shown to exist. */
  const listedSessions = loader<ObjectName, AgenticSession | null, string>(
    'listedSessions',
    async (keys) => {
      const results = new Map<string, AgenticSession | Error | null>();
      for (const [namespace, group] of Map.groupBy(keys, (key) => key.namespace)) {
        const names = group.map(({ name }) => name);
        const found = await readSessionsByName(reader, budget, namespace, names).catch((e: Error) => e);
        for (const [index, key] of group.entries())
          results.set(keyOf(key), found instanceof Error ? found : (found[index] ?? null));
      }
      return keys.map((key) => results.get(keyOf(key)) ?? null);
    },
    { cacheKeyFn: keyOf },
  );

  const scannedSessions = loader<SessionPageRequest, SessionPage>(
    'scannedSessions',
    (requests) => scanSessions({ reader, budget, limit: scanLimit }, requests),
    { cache: false },
  );

  const grants = new GrantFinder(reader, scanLimit, budget);

  return {
    find,
    projects,
    runnerSecrets,
    jobs,
    pods,
    events,
    lineage,
    listedSessions,
    scannedSessions,
    grants,
  };

  async function childrenOf<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    batch: readonly AgenticSession[],
  ): Promise<T[]> {
    const uids = batch.map((session) => session.metadata.uid).join(',');
    return selected<T>(type, namespace, `${SESSION_UID_LABEL} in (${uids})`);
  }

  async function podsByName(namespace: string, sessions: readonly AgenticSession[]): Promise<Pod[]> {
    // A name that cannot be a label's value is on no pod.
    const names = sessions.map(({ metadata }) => metadata.name).filter((name) => name.length <= MAX_LABEL);
    if (names.length === 0) return [];
    const selector = `${SESSION_NAME_LABEL} in (${names.join(',')})`;
    return selected<Pod>(PODS, namespace, selector.length <= MAX_SELECTOR ? selector : SESSION_NAME_LABEL);
  }

  /** The label only narrows the list. Whether an object belongs to a session is decided by the UID of its owner. */
  async function selected<T extends AnyObject>(
    type: ResourceType,
    namespace: string,
    labelSelector: string,
  ): Promise<T[]> {
    const { items, truncated } = await scan<T>(reader, type, namespace, scanLimit, { labelSelector });
    if (truncated) {
      const message = `The sessions have more than ${scanLimit} ${type.resource}: request fewer sessions at once`;
      throw new QueryTooComplex(message, { limit: 'scannedObjects', maximum: scanLimit });
    }
    return items;
  }
}

function keyOf({ namespace, name }: ObjectName): string {
  return `${namespace}/${name}`;
}

/** Each batch of a loader is a step of the request. */
function loaderIn(runStep: RunStep | undefined) {
  return <K, V, C = K>(
    name: string,
    load: DataLoader.BatchLoadFn<K, V>,
    options?: DataLoader.Options<K, V, C>,
  ) => {
    const inStep: typeof load = (keys) =>
      runStep
        ? runStep({ name: `load ${name}`, attributes: { 'writ.batch.size': keys.length } }, () => load(keys))
        : load(keys);
    return new DataLoader<K, V, C>(inStep, options);
  };
}

/** A loader by session. It calls `load` once per namespace of a batch. */
function bySessionWith(loader: ReturnType<typeof loaderIn>) {
  return <T>(name: string, load: (namespace: string, batch: readonly AgenticSession[]) => Promise<T[]>) =>
    loader<AgenticSession, T, string>(
      name,
      async (sessions) => {
        const results = new Map<AgenticSession, T | Error>();
        const byNamespace = Map.groupBy(sessions, (session) => session.metadata.namespace ?? '');
        await Promise.all(
          [...byNamespace].map(async ([namespace, batch]) => {
            const loaded = await load(namespace, batch).catch((error: Error) => error);
            for (const [index, session] of batch.entries()) {
              results.set(session, loaded instanceof Error ? loaded : (loaded[index] as T));
            }
          }),
        );
        return sessions.map((session) => results.get(session) as T | Error);
      },
      { cacheKeyFn: (session) => session.metadata.uid, maxBatchSize: MAX_BATCH },
    );
}

/** Like Promise.all, but of several errors it always throws the first by position: the same request fails in the same way. */
async function allOf<T extends readonly unknown[]>(promises: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(promises);
  const results: unknown[] = [];
  for (const promise of promises) results.push(await promise);
  return results as unknown as T;
}

async function orThrow<T>(loaded: Promise<(T | Error)[]>): Promise<T[]> {
  return (await loaded).map((result) => {
    if (result instanceof Error) throw result;
    return result;
  });
}

function settle<K, T>(keys: readonly K[], load: (key: K) => Promise<T>): Promise<(T | Error)[]> {
  return Promise.all(keys.map((key) => load(key).catch((error: Error) => error)));
}

async function findProject(reader: Reader, name: string): Promise<Namespace | null> {
  const namespace = await reader.find<Namespace>(NAMESPACES, undefined, name);
  return namespace?.metadata.labels?.[MANAGED_LABEL] === 'true' ? namespace : null;
}

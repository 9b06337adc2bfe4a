import { createHash } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'graphql-ws';
import { kubernetes } from '../live-clients.ts';
import { type ApiProcess, serve, startCluster } from '../process.ts';
import { percentile } from '../soak/samples.ts';
import { measureController } from './controller.ts';
import { Frontend, follow, type Outcome } from './frontends.ts';
import { MIX, OPERATIONS, type Operation } from './operations.ts';
import { forEach, type Person, putPeople, putProjects, putSessions } from './population.ts';
import { type Claim, codes, printClaims, printSpread, printTable, say, short } from './report.ts';
import { callsOf, metric, since, total } from './upstream.ts';

/*
 * People with frontends on many projects, against replicas of Writ on the sandbox's API. Compares what docs/scaling.md
 * predicts with what is measured: calls to the API server, watches, memory, processor time, refusals, and fairness.
 */

/** What is measured. */
const PARTS = (process.env.SCALE_PARTS ?? 'controller,people').split(',');
const PEOPLE = Number(process.env.SCALE_PEOPLE ?? 1_000);
const PROJECTS = Number(process.env.SCALE_PROJECTS ?? 200);
const SESSIONS = (process.env.SCALE_SESSIONS ?? '1000,4000,10000').split(',').map(Number);
const REPLICAS = 2;
const THINK_MS = 20_000;
/** Until caches have what people at work leave in them. */
const WARM_UP_MS = 20_000;
const LOAD_MS = Number(process.env.SCALE_LOAD_MS ?? 40_000);
/** As docs/limits.md: the default of WRIT_WATCHES. */
const WATCHES = 500;
/** How long the API remembers whose a token is, and how often it reviews the rights of a subscription. */
const [SUBJECT_S, REVIEW_S] = [10, 8];

/** Where an operation waits: for the API server, and in Writ for its user's turn. */
const WAITS = ['writ_kubernetes_request_duration_seconds', 'writ_scheduler_wait_seconds'];

const claims: Claim[] = [];
const cluster = await startCluster('soak/cluster.ts');
const k8s = kubernetes(cluster);
const replicas: ApiProcess[] = [];
try {
  say(
    `${PEOPLE} people, ${PROJECTS} projects, ${SESSIONS.at(-1)} sessions, ${REPLICAS} replicas; load ${load()}\n`,
  );
  await putProjects(k8s, PROJECTS);
  if (PARTS.includes('controller'))
    await measureController(k8s, cluster.kubeconfig, { projects: PROJECTS, counts: SESSIONS });
  else await putSessions(k8s, PROJECTS, 0, SESSIONS.at(-1) ?? 0);
  if (PARTS.includes('people')) {
    const people = await putPeople(k8s, PROJECTS, PEOPLE);
    for (let n = 0; n < REPLICAS; n += 1) replicas.push(await serve(cluster.kubeconfig));
    await simulate(people);
    printClaims(claims);
  }
  say(`load at the end ${load()}`);
} finally {
  for (const replica of replicas) await replica.stop();
  await cluster.stop();
}
process.exit();

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
}

async function simulate(people: Person[]): Promise<void> {
  const frontends = people.map(
    (person) =>
      new Frontend(person, replicas, `session-${String(person.number % PROJECTS).padStart(6, '0')}`),
  );
  const callsFor = await measureOperations(frontends);
  const clients = await subscribeAll(people);
  await reviewsOfSubscriptions(clients.length);
  const calm = await underLoad('each person on one replica', frontends, callsFor, ({ person }) =>
    replicaOf(person),
  );
  let turn = 0;
  await underLoad('replicas in turn', frontends, callsFor, () => turn++ % REPLICAS);
  await besideHeavyUser(frontends, calm);
  for (const client of clients) client.terminate();
}

/** As a proxy does that hashes the token. */
function replicaOf({ token }: Person): number {
  return createHash('sha256').update(token).digest().readUInt32BE() % REPLICAS;
}

/**
 * Calls and processor time of each operation, of the first of a person and of one right after it, which begins a mirror. Returns
 * the calls of the first, reviews aside: people of the mix rarely list twice within a minute.
 */
async function measureOperations(frontends: Frontend[]): Promise<Map<Operation, number>> {
  const callsFor = new Map<Operation, number>();
  const rows = [];
  const [replica] = replicas as [ApiProcess];
  for (const [index, operation] of (Object.keys(OPERATIONS) as Operation[]).entries()) {
    const some = frontends.slice(index * 20, (index + 1) * 20);
    const measured = [];
    for (const _ of ['first', 'again']) {
      const [before, cpu] = [await callsOf([replica]), replica.cpuMs()];
      const outcomes = [];
      for (const frontend of some) outcomes.push(await frontend.send(operation, 0));
      const calls = since(before, await callsOf([replica]));
      measured.push({ calls, codes: codes(outcomes), cpu: (replica.cpuMs() - cpu) / some.length });
    }
    const [first, again] = measured as [(typeof measured)[0], (typeof measured)[0]];
    const of = (calls: typeof first.calls) => total(calls) / some.length;
    callsFor.set(operation, total(first.calls, isNoReview) / some.length);
    const what = [...again.calls].map(([key, count]) => `${short(count / some.length)} ${key}`).join(', ');
    rows.push([operation, of(first.calls), of(again.calls), what || 'none', again.cpu, again.codes]);
  }
  say('Calls to the API server for an operation');
  printTable(['operation', 'first', 'again', 'which', 'CPU ms of Writ', 'codes of 20'], rows);
  return callsFor;
}

/** Each person follows their project. */
async function subscribeAll(people: Person[]): Promise<Client[]> {
  const before = replicas.map((replica) => replica.residentMb());
  const calls = await callsOf(replicas);
  const followed: { client: Client; code: string }[] = [];
  await forEach(people.length, async (n) => {
    const person = people[n] as Person;
    followed.push(await follow(replicas[replicaOf(person)] as ApiProcess, person));
  });
  await delay(2_000);
  const refused = followed.filter(({ code }) => code !== 'OK').length;
  const shares = replicas.map((_, n) => people.filter((person) => replicaOf(person) === n).length);
  const over = shares.reduce((sum, share) => sum + Math.max(0, share - WATCHES), 0);
  const watches = await metricOf('writ_watches');
  const made = since(calls, await callsOf(replicas));
  const grown = replicas.reduce((sum, replica, n) => sum + replica.residentMb() - (before[n] ?? 0), 0);
  say(
    `Subscriptions: ${codes(followed)}; on replicas ${shares.join(' and ')}; ${replicas.map((each) => `${short(each.residentMb())} MiB`).join(' and ')} resident`,
  );
  say(
    `calls for a subscription: ${[...made].map(([key, count]) => `${short(count / watches)} ${key}`).join(', ')}\n`,
  );
  claims.push(
    {
      claim: 'watches',
      formula: 'Σ over replicas min(tokens on it, WRIT_WATCHES)',
      predicted: people.length - over,
      measured: watches,
    },
    {
      claim: 'subscriptions refused',
      formula: 'Σ over replicas max(0, tokens on it − WRIT_WATCHES)',
      predicted: over,
      measured: refused,
    },
    {
      claim: 'KiB of memory for a subscriber with a token of its own',
      formula: '341 + 33 MiB / subscribers',
      predicted: 341 + (33 * 1024) / watches,
      measured: (grown * 1024) / watches,
    },
  );
  return followed.flatMap(({ client, code }) => (code === 'OK' ? [client] : []));
}

function isNoReview(key: string): boolean {
  return !key.includes('reviews');
}

function sumAndCount(name: string): Promise<number[]> {
  return Promise.all([`${name}_sum`, `${name}_count`].map(metricOf));
}

async function metricOf(name: string): Promise<number> {
  const values = await Promise.all(replicas.map((replica) => metric(replica, name)));
  return values.reduce((sum, value) => sum + value, 0);
}

/** While nobody does anything. */
async function reviewsOfSubscriptions(watches: number): Promise<void> {
  const cpu = replicas.map((replica) => replica.cpuMs());
  const [before, startedAt] = [await callsOf(replicas), performance.now()];
  await delay(16_000);
  const seconds = (performance.now() - startedAt) / 1_000;
  const calls = since(before, await callsOf(replicas));
  const used = replicas.reduce((sum, replica, n) => sum + replica.cpuMs() - (cpu[n] ?? 0), 0);
  say(
    `Idle subscriptions: ${short(used / seconds / watches)} ms of CPU a second for each; ${[...calls].map(([key, count]) => `${short(count / seconds)}/s ${key}`).join(', ')}\n`,
  );
  claims.push({
    claim: 'reviews a second of idle subscriptions',
    formula: `watches / ${REVIEW_S}`,
    predicted: watches / REVIEW_S,
    measured: total(calls, (key) => key.includes('accessreviews')) / seconds,
  });
}

async function underLoad(
  name: string,
  frontends: Frontend[],
  callsFor: Map<Operation, number>,
  route: (frontend: Frontend) => number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const signal = AbortSignal.timeout(WARM_UP_MS + LOAD_MS);
  const work = (frontend: Frontend) =>
    frontend.work(
      () => route(frontend),
      { thinkMs: THINK_MS, signal },
      (outcome) => outcomes.push(outcome),
    );
  const ended = Promise.all(frontends.map(work));
  await delay(WARM_UP_MS);
  outcomes.length = 0;
  const cpu = replicas.map((replica) => replica.cpuMs());
  const [before, startedAt] = [await callsOf(replicas), performance.now()];
  const waits = await Promise.all(WAITS.map(sumAndCount));
  await ended;
  const seconds = (performance.now() - startedAt) / 1_000;
  const calls = since(before, await callsOf(replicas));
  const used = replicas.reduce((sum, replica, n) => sum + replica.cpuMs() - (cpu[n] ?? 0), 0);
  const refused = [
    ...Map.groupBy(
      outcomes.filter(({ code }) => code !== 'OK'),
      ({ operation }) => operation,
    ),
  ];
  if (refused.length > 0) say(`  not OK: ${refused.map(([of, list]) => `${of}: ${codes(list)}`).join('; ')}`);
  say(
    `${name}: ${short(outcomes.length / seconds)} operations a second, ${codes(outcomes)}; ${short(used / outcomes.length)} ms of CPU of Writ for each, subscriptions included`,
  );
  for (const [n, name] of WAITS.entries()) {
    const [sum = 0, count = 0] = (await sumAndCount(name)).map((value, of) => value - (waits[n]?.[of] ?? 0));
    say(`  ${name}: ${short((1_000 * sum) / count)} ms on average`);
  }
  printSpread(outcomes);
  const isReview = (key: string) => key.includes('selfsubjectreviews');
  // A person's operations on a replica are a Poisson process.
  const perReplica = outcomes.length / seconds / frontends.length / (name.includes('turn') ? REPLICAS : 1);
  claims.push(
    {
      claim: `whose token it is: reviews for an operation, ${name}`,
      formula: '1 / (1 + 10 s × operations a second of a person on a replica)',
      predicted: 1 / (1 + SUBJECT_S * perReplica),
      measured: total(calls, isReview) / outcomes.length,
    },
    {
      claim: `calls that are no reviews, for an operation, ${name}`,
      formula: 'Σ over operations share × calls',
      predicted: MIX.reduce((sum, [operation, share]) => sum + share * (callsFor.get(operation) ?? 0), 0),
      measured: total(calls, isNoReview) / outcomes.length,
    },
  );
  return outcomes;
}

/** One person sends as much as they can, while all others go on. */
async function besideHeavyUser(frontends: Frontend[], calm: Outcome[]): Promise<void> {
  const [heavy, ...others] = frontends as [Frontend, ...Frontend[]];
  const replica = replicaOf(heavy.person);
  const signal = AbortSignal.timeout(LOAD_MS / 2);
  const [outcomes, own]: [Outcome[], Outcome[]] = [[], []];
  const press = async () => {
    while (!signal.aborted) own.push(await heavy.send('newest', replica));
  };
  await Promise.all([
    ...Array.from({ length: 64 }, press),
    ...others.map((each) =>
      each.work(
        () => replicaOf(each.person),
        { thinkMs: THINK_MS, signal },
        (outcome) => outcomes.push(outcome),
      ),
    ),
  ]);
  const neighbours = new Set(
    others.filter(({ person }) => replicaOf(person) === replica).map(({ person }) => person.number),
  );
  const of = (list: Outcome[], fraction: number, isNeighbour: boolean) =>
    percentile(
      list.filter(({ person }) => neighbours.has(person) === isNeighbour).map(({ ms }) => ms),
      fraction,
    );
  const rows = [true, false].map((isNeighbour) => [
    isNeighbour ? 'the same replica' : 'the other replica',
    of(outcomes, 0.5, isNeighbour) / of(calm, 0.5, isNeighbour),
    of(outcomes, 0.95, isNeighbour) / of(calm, 0.95, isNeighbour),
  ]);
  say(
    `One person with 64 requests at once: ${short(own.length / (LOAD_MS / 2_000))} operations a second, ${codes(own)}. All others: ${codes(outcomes)}`,
  );
  printTable(['others on', 'p50 with / without', 'p95 with / without'], rows);
}

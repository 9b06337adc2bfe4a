import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startCompetitors } from './competitors.ts';
import { interleave, median, runConcurrently } from './measure.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { PROJECTS, type ProjectName, populate } from './population.ts';
import { type Cluster, serve, startCluster } from './process.ts';
import { machineTable, measurementTable, table, writeResults } from './report.ts';

/*
 * npm run bench                              all, about ten minutes; writes bench/RESULTS.md
 * npm run bench -- --quick                   page, get and viewer, within two minutes; prints only
 * npm run bench -- --only page,get --rounds 4   some operations; prints only
 * npm run bench -- --sandbox                 on the sandbox instead of a real control plane
 */

const STARTS = 5;
const USERS = 50;

interface Comparison {
  operation: OperationName;
  project: ProjectName;
  users: number;
  concurrency: number;
  /** By how much longer its rounds are. */
  longer?: number;
}

const read = (operation: OperationName): Comparison[] => [
  { operation, project: 'many', users: 1, concurrency: 1 },
  { operation, project: 'many', users: 1, concurrency: 16 },
  { operation, project: 'many', users: 1, concurrency: 64 },
  { operation, project: 'many', users: USERS, concurrency: 16 },
  { operation, project: 'many', users: USERS, concurrency: 64 },
  { operation, project: 'few', users: 1, concurrency: 16 },
];
const scan = (operation: OperationName): Comparison[] =>
  [1, 4].map((concurrency) => ({ operation, project: 'many', users: 1, concurrency, longer: 3 }));
const write = (operation: OperationName): Comparison[] =>
  [1, 16].map((concurrency) => ({ operation, project: 'writes', users: 1, concurrency }));

const COMPARISONS: Comparison[] = [
  ...[1, 16].map((concurrency) => ({
    operation: 'viewer' as const,
    project: 'many' as const,
    users: 1,
    concurrency,
  })),
  ...read('get'),
  ...read('page'),
  ...scan('search'),
  ...scan('newest'),
  ...write('create'),
  ...write('run'),
  ...write('start'),
  ...[1, 16].map((concurrency) => ({
    operation: 'subscribe' as const,
    project: 'few' as const,
    users: 1,
    concurrency,
  })),
];

const say = (text: string) => process.stdout.write(`${text}\n`);
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    sandbox: { type: 'boolean', default: false },
  },
});
const only = (values.only ?? (values.quick ? 'viewer,get,page' : Object.keys(OPERATIONS).join(','))).split(
  ',',
);
for (const name of only) if (!(name in OPERATIONS)) throw new Error(`no such operation: ${name}`);
const isWhole = !values.only && !values.quick;
const rounds = Number(values.rounds ?? (values.quick ? 3 : 6));
const isQuick = ({ users, concurrency, project }: Comparison) =>
  users === 1 && concurrency <= 16 && project !== 'few';
const comparisons = COMPARISONS.filter(
  (comparison) => only.includes(comparison.operation) && (!values.quick || isQuick(comparison)),
);

const loadBefore = loadavg();
const cluster = await start();
try {
  const tokens = await populate(cluster, USERS);
  const sections = isWhole ? [await startup(cluster)] : [];
  const competitors = await startCompetitors(cluster);
  try {
    sections.push(...(await compare(competitors, tokens)));
    const memory = competitors.writs.map((writ) => [
      writ.name,
      writ.residentMb().toFixed(0),
      writ.peakMb().toFixed(0),
    ]);
    sections.push(`## Memory after these loads\n\n${table(['', 'resident MB', 'at most MB'], memory)}`);
    say(sections.at(-1) ?? '');
  } finally {
    await competitors.stop();
  }
  const machine = `## Where and when\n\n${machineTable(cluster.version, loadBefore)}`;
  say(machine);
  if (isWhole) writeResults([machine, ...sections]);
} finally {
  await cluster.stop();
}
process.exit();

/** A real control plane, or the sandbox if there can be none. */
async function start(): Promise<Cluster> {
  if (!values.sandbox) {
    try {
      return await startCluster('real-cluster.ts');
    } catch (error) {
      say(`No real control plane (${(error as Error).message}): these are figures of the sandbox.`);
    }
  }
  return startCluster('live-cluster.ts');
}

async function compare(
  { benchmarks }: Awaited<ReturnType<typeof startCompetitors>>,
  tokens: string[],
): Promise<string[]> {
  const sections: string[] = [];
  let warm = '';
  for (const { operation, project, users, concurrency, longer = 1 } of comparisons) {
    const all = benchmarks(operation, project, tokens.slice(0, users));
    // Until the code of all servers is compiled.
    if (warm !== operation)
      for (const { call, prepare } of all) {
        await prepare?.();
        await runConcurrently(call, { roundMs: 1_000, concurrency: 4 });
      }
    const title = warm === operation ? '' : `## ${operation}: ${OPERATIONS[operation].title}\n\n`;
    warm = operation;
    const measured = await interleave(all, { rounds, roundMs: 400 * longer, concurrency });
    const size =
      PROJECTS[project] === 0 || operation === 'viewer'
        ? ''
        : `${PROJECTS[project].toLocaleString('en')} sessions, `;
    const who = `${users} user${users > 1 ? 's' : ''}, ${concurrency} at once`;
    sections.push(`${title}### ${size}${who}\n\n${measurementTable(measured)}`);
    say(`\n${sections.at(-1)}`);
  }
  return sections;
}

async function startup({ kubeconfig }: Cluster): Promise<string> {
  const times: number[] = [];
  let restMb = Number.NaN;
  for (let n = 0; n < STARTS; n += 1) {
    const writ = await serve(kubeconfig);
    times.push(writ.startMs);
    if (n === STARTS - 1) {
      await delay(3_000);
      restMb = writ.residentMb();
    }
    await writ.stop();
  }
  const row = [median(times).toFixed(0), restMb.toFixed(0)];
  const heads = [`ready after ms (median of ${STARTS})`, 'resident at rest, MB'];
  const section = `## Start of writ serve\n\n${table(heads, [row])}`;
  say(section);
  return section;
}

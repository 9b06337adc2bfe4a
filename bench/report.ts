import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Measurement } from './measure.ts';

const FILE = new URL('RESULTS.md', import.meta.url);
const BEGIN = '<!-- Written by npm run bench, from here -->';
const END = '<!-- to here. What follows is written by hand. -->';

const HOW = `- Writ is the program of the image, with its settings and the heap that Node has under the memory limit of deploy/ (512 MB).
- Each server is a process of its own; the load comes from one more, over 64 connections at most, and reads each response
  without parsing it. All of them, the API server and etcd included, share the machine.
- *raw* calls the API server itself, over TLS and a shared pool: no server in between can be faster without a cache.
  *Yoga with client-node* is the same API as a small team writes it, *Yoga with constants* the least that Yoga and Pothos cost.
- A table is one run: in each round all have their turn, in alternating order; the first round is a warm-up. p50 and p95 are of
  all calls; a ratio (×) is the median of the ratios to *raw* in each round.
- CPU is the processor time of the process (utime and stime of /proc/PID/stat), by calls: of the server, and of the API server.
- Users are service accounts of namespaces of their own, with the role ambient-project-edit. Writ has its default settings: one
  user has at most 16 requests and 8 calls to the cluster at once, and more of them wait.`;

export function machineTable(kubernetes: string, loadBefore: number[]): string {
  const load = (values: number[]) => values.map((value) => value.toFixed(1)).join(', ');
  const version = (name: string) => {
    const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
  };
  const packages = ['graphql', 'graphql-yoga', '@pothos/core', 'undici', '@kubernetes/client-node'];
  return table(
    ['', ''],
    [
      ['Date', new Date().toISOString().slice(0, 16).replace('T', ' ')],
      ['Machine', `${cpus()[0]?.model}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
      ['Load before and after (1, 5, 15 minutes)', `${load(loadBefore)}; ${load(loadavg())}`],
      ['Writ', commit()],
      ['Kubernetes', kubernetes],
      ['Node', process.version],
      ['Packages', packages.map(version).join(', ')],
    ],
  );
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', 'src') ? ' with changes' : ''}`;
}

export function measurementTable(measurements: Measurement[]): string {
  const number = (value: number | undefined, digits = 2) => value?.toFixed(digits) ?? '–';
  return table(
    ['', 'p50 ms', '×', 'p95 ms', '×', 'calls/s', '×', 'CPU ms', 'CPU ms, API server', 'calls'],
    measurements.map(({ name, p50, p95, throughput, ratios, serverCpu, apiServerCpu, calls }) => [
      name,
      ...[p50, ratios.p50, p95, ratios.p95].map((value) => number(value)),
      number(throughput, 0),
      number(ratios.throughput),
      number(serverCpu),
      number(apiServerCpu),
      `${calls}`,
    ]),
  );
}

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

/** Replaces what an earlier run has written, and keeps the rest. */
export function writeResults(sections: string[]): void {
  const text = readFileSync(FILE, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${FILE.pathname} lacks its markers`);
  const generated = ['## How it is measured', HOW, ...sections].join('\n\n');
  writeFileSync(FILE, `${before}${BEGIN}\n\n${generated}\n\n${END}${after}`);
}

/** A call to measure, which is repeated. */
export interface Benchmark {
  name: string;
  call: () => Promise<unknown>;
}

interface Measurement {
  name: string;
  /** Median latency, in ms. */
  p50: number;
  p95: number;
  /** Calls per second. */
  throughput: number;
}

interface Plan {
  rounds: number;
  callsPerRound: number;
  concurrency: number;
}

/** Runs all benchmarks in each round, so that a slowdown of the machine affects all of them. */
export async function interleave(benchmarks: Benchmark[], plan: Plan): Promise<Measurement[]> {
  const latencies = new Map(benchmarks.map(({ name }) => [name, [] as number[]]));
  const seconds = new Map(benchmarks.map(({ name }) => [name, 0]));
  for (let round = -1; round < plan.rounds; round += 1) {
    for (const { name, call } of benchmarks) {
      const startedAt = performance.now();
      const roundLatencies = await runConcurrently(call, plan);
      // The first round is the warm-up.
      if (round < 0) continue;
      latencies.get(name)?.push(...roundLatencies);
      seconds.set(name, (seconds.get(name) ?? 0) + (performance.now() - startedAt) / 1000);
    }
  }
  return benchmarks.map(({ name }) => {
    const sorted = (latencies.get(name) ?? []).sort((a, b) => a - b);
    const percentile = (fraction: number) => sorted[Math.floor(sorted.length * fraction)] ?? Number.NaN;
    return {
      name,
      p50: percentile(0.5),
      p95: percentile(0.95),
      throughput: sorted.length / (seconds.get(name) ?? Number.NaN),
    };
  });
}

/** @returns the latency of each call, in ms */
export async function runConcurrently(
  call: () => Promise<unknown>,
  { callsPerRound, concurrency }: Pick<Plan, 'callsPerRound' | 'concurrency'>,
): Promise<number[]> {
  const latencies: number[] = [];
  let remaining = callsPerRound;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (remaining > 0) {
        remaining -= 1;
        const startedAt = performance.now();
        await call();
        latencies.push(performance.now() - startedAt);
      }
    }),
  );
  return latencies;
}

/** Prints each measurement, and its ratios to the first. */
export function printTable(title: string, measurements: Measurement[]): void {
  const [base] = measurements;
  const rows = measurements.map(({ name, p50, p95, throughput }) => ({
    name,
    'p50 ms': p50.toFixed(2),
    'p95 ms': p95.toFixed(2),
    'calls/s': throughput.toFixed(0),
    'p50 ratio': (p50 / (base?.p50 ?? 1)).toFixed(2),
    'throughput ratio': (throughput / (base?.throughput ?? 1)).toFixed(2),
  }));
  process.stdout.write(`\n${title}\n`);
  // biome-ignore lint/suspicious/noConsole: the output is the product
  console.table(rows);
}

/** A call to measure, which is repeated. */
export interface Benchmark {
  name: string;
  call: () => Promise<unknown>;
  /** Before each round, which does not count it. */
  prepare?: () => Promise<void>;
  /** Processor time so far, in ms, of the processes that serve the call. */
  cpu?: { server?: () => number; apiServer?: () => number };
}

export interface Measurement {
  name: string;
  /** Calls in all rounds. */
  calls: number;
  /** Median latency, in ms. */
  p50: number;
  p95: number;
  /** Calls per second. */
  throughput: number;
  /** Processor time per call, in ms. */
  serverCpu?: number;
  apiServerCpu?: number;
  /** To the first benchmark: the medians of the ratios of each round, so that a slow round does not matter. */
  ratios: { p50: number; p95: number; throughput: number };
}

export interface Plan {
  rounds: number;
  /** How long one benchmark runs in a round. */
  roundMs: number;
  concurrency: number;
}

interface Round {
  latencies: number[];
  p50: number;
  p95: number;
  throughput: number;
  seconds: number;
  serverMs: number;
  apiServerMs: number;
}

/** Runs all benchmarks in each round, so that a slowdown of the machine affects all of them. */
export async function interleave(benchmarks: Benchmark[], plan: Plan): Promise<Measurement[]> {
  const rounds = new Map(benchmarks.map(({ name }) => [name, [] as Round[]]));
  for (let round = -1; round < plan.rounds; round += 1) {
    // Each is first in turn.
    for (const benchmark of round % 2 === 0 ? benchmarks : benchmarks.toReversed()) {
      const measured = await measureRound(benchmark, plan);
      // The first round is the warm-up.
      if (round >= 0) rounds.get(benchmark.name)?.push(measured);
    }
  }
  const base = rounds.get(benchmarks[0]?.name ?? '') ?? [];
  return benchmarks.map((benchmark) => summarise(benchmark, rounds.get(benchmark.name) ?? [], base));
}

async function measureRound({ call, prepare, cpu }: Benchmark, plan: Plan): Promise<Round> {
  await prepare?.();
  const before = [cpu?.server?.() ?? 0, cpu?.apiServer?.() ?? 0] as const;
  const startedAt = performance.now();
  const latencies = await runConcurrently(call, plan);
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    latencies,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    throughput: latencies.length / seconds,
    seconds,
    serverMs: (cpu?.server?.() ?? 0) - before[0],
    apiServerMs: (cpu?.apiServer?.() ?? 0) - before[1],
  };
}

function summarise({ name, cpu }: Benchmark, rounds: Round[], base: Round[]): Measurement {
  const latencies = rounds.flatMap((round) => round.latencies);
  const calls = latencies.length;
  const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0);
  const ratio = (key: 'p50' | 'p95' | 'throughput') =>
    median(rounds.map((round, index) => round[key] / (base[index]?.[key] ?? Number.NaN)));
  return {
    name,
    calls,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    throughput: calls / sum(({ seconds }) => seconds),
    ...(cpu?.server && { serverCpu: sum(({ serverMs }) => serverMs) / calls }),
    ...(cpu?.apiServer && { apiServerCpu: sum(({ apiServerMs }) => apiServerMs) / calls }),
    ratios: { p50: ratio('p50'), p95: ratio('p95'), throughput: ratio('throughput') },
  };
}

/** @returns the latency of each call, in ms */
export async function runConcurrently(
  call: () => Promise<unknown>,
  { roundMs, concurrency }: Pick<Plan, 'roundMs' | 'concurrency'>,
): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + roundMs;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      do {
        const startedAt = performance.now();
        await call();
        latencies.push(performance.now() - startedAt);
      } while (performance.now() < end);
    }),
  );
  return latencies;
}

export function percentile(values: number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

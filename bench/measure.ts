/** One thing to measure: a call that is made again and again. */
export interface Contestant {
  name: string;
  call: () => Promise<unknown>;
}

export interface Figures {
  name: string;
  /** Median latency, in ms. */
  p50: number;
  p95: number;
  /** Calls a second. */
  throughput: number;
}

export interface Plan {
  rounds: number;
  callsPerRound: number;
  concurrency: number;
}

/** All contestants in turn, round by round, so that a machine that slows down slows all of them. */
export async function interleave(contestants: Contestant[], plan: Plan): Promise<Figures[]> {
  const latencies = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  const seconds = new Map(contestants.map(({ name }) => [name, 0]));
  for (let round = -1; round < plan.rounds; round += 1) {
    for (const { name, call } of contestants) {
      const startedAt = performance.now();
      const taken = await atOnce(call, plan);
      // The first round warms up.
      if (round < 0) continue;
      latencies.get(name)?.push(...taken);
      seconds.set(name, (seconds.get(name) ?? 0) + (performance.now() - startedAt) / 1000);
    }
  }
  return contestants.map(({ name }) => {
    const sorted = (latencies.get(name) ?? []).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return {
      name,
      p50: at(0.5),
      p95: at(0.95),
      throughput: sorted.length / (seconds.get(name) ?? Number.NaN),
    };
  });
}

async function atOnce(call: () => Promise<unknown>, { callsPerRound, concurrency }: Plan): Promise<number[]> {
  const taken: number[] = [];
  let left = callsPerRound;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left > 0) {
        left -= 1;
        const startedAt = performance.now();
        await call();
        taken.push(performance.now() - startedAt);
      }
    }),
  );
  return taken;
}

/** Each contestant's figures, and its ratios to the first. */
export function printTable(title: string, figures: Figures[]): void {
  const [base] = figures;
  const rows = figures.map(({ name, p50, p95, throughput }) => ({
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

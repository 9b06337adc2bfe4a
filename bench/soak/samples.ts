/** What Writ says of itself at one moment: the metrics that a soak looks at, by name. */
export type Sample = { at: number } & Record<string, number>;

const WATCHED = [
  'process_resident_memory_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_active_handles_total',
  'process_open_fds',
  'writ_memory_budget_used_bytes',
  'writ_subscriptions',
  'writ_watches',
  'writ_websockets',
  'nodejs_eventloop_lag_p99_seconds',
] as const;

export async function takeSample(adminUrl: string): Promise<Sample> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const sample: Sample = { at: performance.now() };
  for (const name of WATCHED) {
    const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text) ?? [];
    if (value !== undefined) sample[name] = Number(value);
  }
  return sample;
}

/** The slope of a metric in units per minute, by least squares. */
export function slopePerMinute(samples: Sample[], name: string): number {
  const points = samples.map((sample) => [sample.at / 60_000, sample[name] ?? Number.NaN] as const);
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const covariance = mean(([x, y]) => (x - meanX) * (y - meanY));
  return covariance / mean(([x]) => (x - meanX) ** 2);
}

/** The smallest of each group of samples: the heap as it is after a collection. */
export function lows(samples: Sample[], name: string, size: number): Sample[] {
  const groups = Array.from({ length: Math.floor(samples.length / size) }, (_, index) =>
    samples.slice(index * size, (index + 1) * size),
  );
  return groups.map((group) =>
    group.reduce((low, each) => ((each[name] ?? 0) < (low[name] ?? 0) ? each : low)),
  );
}

export function percentile(values: number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

import type { WritProcess } from '../process.ts';

/** How often the API server was called, by verb and resource: `list agenticsessions`. */
export type Calls = Map<string, number>;

/** What the processes have called so far, as their metrics count it. */
export async function callsOf(processes: WritProcess[]): Promise<Calls> {
  const calls: Calls = new Map();
  for (const page of await Promise.all(processes.map(metricsOf))) {
    for (const [, labels = '', value] of page.matchAll(/^writ_kubernetes_requests_total\{(.*)\} (\S+)$/gm)) {
      const label = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1];
      // Writ's own checks that the API server answers, and that its own credentials are valid.
      if (label('resource') === 'version') continue;
      const key = `${label('verb')} ${label('resource')}${label('identity') === 'backend' ? ' (Writ)' : ''}`;
      calls.set(key, (calls.get(key) ?? 0) + Number(value));
    }
  }
  return calls;
}

/** The calls after `before`. */
export function since(before: Calls, after: Calls): Calls {
  const rest = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return new Map(rest.filter(([, count]) => count > 0));
}

export function total(calls: Calls, isCounted: (key: string) => boolean = () => true): number {
  return [...calls].reduce((sum, [key, count]) => sum + (isCounted(key) ? count : 0), 0);
}

/** The sum of a metric over its labels. */
export async function metric(process: WritProcess, name: string): Promise<number> {
  const lines = (await metricsOf(process)).matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}

async function metricsOf({ adminUrl }: WritProcess): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text();
}

import { readFileSync } from 'node:fs';
import type { MetricsPage } from '../support/metrics-page.ts';

interface DocumentedMetric {
  name: string;
  type: string;
  labels: string[];
}

const byName = (a: DocumentedMetric, b: DocumentedMetric) => (a.name < b.name ? -1 : 1);

const ROW = /^\| `(\w+)` \| (\w+) \|([^|]*)\| (\w+) \|/gm;

/** What docs/metrics.md says of the metrics of a process. */
export function documentedMetrics(of: 'api' | 'controller'): DocumentedMetric[] {
  const rows = readFileSync('docs/metrics.md', 'utf8').matchAll(ROW);
  return [...rows]
    .filter(([, , , , process]) => process === of || process === 'both')
    .map(([, name = '', type = '', labels = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).sort(),
    }))
    .sort(byName);
}

/** The metrics of a page as the table has them, without those of prom-client. */
export function asDocumented({ families }: MetricsPage): DocumentedMetric[] {
  return [...families.values()]
    .filter(({ name }) => !/^(process|nodejs)_/.test(name))
    .map(({ name, type, labelNames }) => ({ name, type, labels: labelNames }))
    .sort(byName);
}

/** One line of a page of metrics. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  name: string;
  type: string;
  help: string;
  /** Of its samples, but for `le`, in order. */
  labelNames: string[];
}

export interface MetricsPage {
  text: string;
  samples: Sample[];
  /** Each with its type. */
  families: Map<string, Family>;
  /** The sum of the samples of this name that have these labels. 0 if there are none. */
  value(name: string, labels?: Record<string, string>): number;
  /** The samples of this name that have these labels. */
  find(name: string, labels?: Record<string, string>): Sample[];
}

/** Reads `/metrics` of an admin server. */
export async function scrape(adminUrl: string): Promise<MetricsPage> {
  const response = await fetch(`${adminUrl}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
  return parsePage(await response.text());
}

/** By the text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function parsePage(text: string): MetricsPage {
  const samples: Sample[] = [];
  const families = new Map<string, Family>();
  for (const line of text.split('\n')) {
    const [, keyword, family = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword) {
      const known = families.get(family) ?? { name: family, type: '', help: '', labelNames: [] };
      families.set(family, { ...known, [keyword.toLowerCase()]: rest });
    } else if (line !== '') samples.push(parseSample(line));
  }
  for (const { name, labels } of samples) {
    const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
    if (!family) throw new Error(`${name} has no type`);
    const { le: _, ...others } = labels;
    family.labelNames = [...new Set([...family.labelNames, ...Object.keys(others)])].sort();
  }
  const find = (name: string, labels: Record<string, string> = {}) =>
    samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
  return {
    text,
    samples,
    families,
    find,
    value: (name, labels) => find(name, labels).reduce((sum, { value }) => sum + value, 0),
  };
}

function parseSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = /^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$/i.exec(line) ?? [];
  if (!name) throw new Error(`not a sample: ${line}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
    key,
    text,
  ]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

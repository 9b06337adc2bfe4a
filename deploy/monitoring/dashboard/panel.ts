/** A panel before it has its place: what Grafana's JSON has of it, in few words. */
export interface Panel {
  title: string;
  /** What it shows, and what to look for. */
  description: string;
  /** `timeseries` if absent. */
  type?: 'timeseries' | 'stat';
  /** A unit of Grafana: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/ */
  unit: string;
  /** PromQL, and the legend with labels in `{{}}`. */
  queries: [expr: string, legend: string][];
  isStacked?: boolean;
  /** From this value on it is drawn in red. */
  redFrom?: number;
}

export interface Row {
  title: string;
  panels: Panel[];
}

/** What the variables of the dashboard choose. Each query has it. */
export const CHOSEN = 'namespace=~"$namespace", pod=~"$pod"';
/** Metrics without the prefix `writ_` are those of other processes too. */
export const CHOSEN_PROCESSES = `job=~"writ-(api|controller)", ${CHOSEN}`;
/** That Writ or the cluster is to blame for, and not the client. */
export const FAILURES = 'INTERNAL|TIMEOUT|UNAVAILABLE';

/** Per second. @param metric a counter @param by labels, separated by commas @param labels further matchers */
export function rate(metric: string, by: string, labels = ''): string {
  const matchers = labels ? `${CHOSEN}, ${labels}` : CHOSEN;
  return `sum by (${by}) (rate(${metric}{${matchers}}[$__rate_interval]))`;
}

/** A quantile of a histogram. @param by labels, separated by commas, or none */
export function quantile(q: number, metric: string, by = '', labels = ''): string {
  return `histogram_quantile(${q}, ${rate(`${metric}_bucket`, by ? `${by}, le` : 'le', labels)})`;
}

/** The part of a counter that has the labels, 0 if none has. @param of matchers of the whole */
export function share(metric: string, by: string, part: string, of = ''): string {
  const whole = rate(metric, by, of);
  return `(${rate(metric, by, part)} or 0 * ${whole}) / ${whole}`;
}

/** The sum of a gauge. */
export function total(metric: string, by: string, labels = ''): string {
  return `sum by (${by}) (${metric}{${labels ? `${CHOSEN}, ${labels}` : CHOSEN}})`;
}

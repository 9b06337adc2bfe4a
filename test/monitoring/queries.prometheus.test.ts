import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { alerts, dashboardQueries, rules } from '../support/monitoring.ts';
import { startMonitoredWrit } from './fixture.ts';
import { programPath } from './programs.ts';
import type { Node } from './prometheus.ts';

/** Grafana's variables, with all that there is. */
const filledIn = (expr: string) =>
  expr.replaceAll(/\$(namespace|pod)/g, '.+').replaceAll('$__rate_interval', '10m');
/** A machine that builds something else too needs some minutes. */
const PATIENCE = 480_000;
/** Series that Prometheus makes while an alert is pending or fires. */
const ALERTS = 'ALERTS';
/** Nothing, as long as something is scraped: there is no value to look at. */
const ABSENCE = ['WritApiAbsent', 'WritControllerAbsent'];

const dashboard = dashboardQueries().map((query) => ({ ...query, expr: filledIn(query.expr) }));
const queries = [
  ...dashboard,
  ...rules().map(({ alert, record = alert ?? '', expr }) => ({ title: record, expr, legend: '' })),
];

/** The parts of a parsed query, itself included. */
function partsOf(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(partsOf);
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(partsOf);
  return 'type' in node ? [node as Node, ...below] : below;
}

describe('a Prometheus that scrapes Writ', () => {
  const { prometheus, use, pages } = startMonitoredWrit();

  /** Uses Writ until each query has had a number. */
  async function haveNumbers(all: { title: string; expr: string }[]): Promise<void> {
    let missing = all;
    await eventually(async () => {
      await use();
      const results = await Promise.all(missing.map(({ expr }) => prometheus.query(expr)));
      missing = missing.filter((_, index) => results[index]?.every(({ value: [, text] }) => text === 'NaN'));
      expect(missing).toEqual([]);
    }, PATIENCE);
  }

  it('finds no fault in its pages', async () => {
    for (const url of pages()) {
      const input = await (await fetch(`${url}/metrics`)).text();
      const { stderr } = spawnSync(programPath('promtool'), ['check', 'metrics'], {
        input,
        encoding: 'utf8',
      });
      // prom-client's own gauges nodejs_active_*_total have names of counters.
      expect(stderr.split('\n').filter((line) => line && !line.startsWith('nodejs_active_'))).toEqual([]);
    }
  });

  it('has numbers for each query of the dashboard', async () => {
    await haveNumbers(dashboard);
  });

  it('has what each alert compares', async () => {
    // With `bool`, a comparison is 0 where it does not hold: a result shows that both sides of each operator were found.
    const compared = alerts()
      .filter(({ alert }) => !ABSENCE.includes(alert))
      .map(({ alert, expr }) => ({ title: alert, expr: expr.replaceAll(/ (>|==) /g, ' $1 bool ') }));
    expect(compared.length).toBeGreaterThan(20);
    await haveNumbers(compared);
  });

  it('has each metric and label that a query or legend names', async () => {
    const labelsOf = new Map<string, Promise<string[]>>();
    for (const { title, expr, legend } of queries) {
      const parts = partsOf(await prometheus.parsed(expr));
      const labels = new Set<string>();
      for (const { type, name = '', matchers = [] } of parts) {
        if (!/^(vector|matrix)Selector$/.test(type) || name === ALERTS) continue;
        const found = labelsOf.get(name) ?? prometheus.labelsOf(name);
        labelsOf.set(name, found);
        const own = await found;
        expect(own, `${title}: ${name}`).not.toEqual([]);
        for (const label of own) labels.add(label);
        for (const matcher of matchers) expect(own, `${title}: ${name}`).toContain(matcher.name);
      }
      const grouping = parts.flatMap((part) => (Array.isArray(part.grouping) ? part.grouping : []));
      const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      for (const label of [...grouping, ...named]) expect([...labels], `${title}: ${expr}`).toContain(label);
    }
  });

  it('gives each result the labels of its legend', async () => {
    for (const { title, expr, legend } of dashboard) {
      const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      const result = await prometheus.query(expr);
      // An anonymous operation, and a request whose client left, have an empty one.
      for (const label of named.filter(
        (name) => !/^(operation_name|http_response_status_code)$/.test(name),
      )) {
        for (const { metric } of result) expect(Object.keys(metric), title).toContain(label);
      }
    }
  });

  it('evaluates each rule', async () => {
    interface Evaluated {
      groups: { rules: { name: string; health: string; lastError?: string }[] }[];
    }
    await eventually(async () => {
      const { groups } = await prometheus.get<Evaluated>('rules');
      const evaluated = groups.flatMap((group) => group.rules);
      expect(evaluated).toHaveLength(rules().length);
      expect(evaluated.filter(({ health }) => health !== 'ok')).toEqual([]);
    });
  });
});

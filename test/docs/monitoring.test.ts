import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { dashboardText } from '../../deploy/monitoring/dashboard/dashboard.ts';
import { alerts, dashboardQueries, MONITORING, rules } from '../support/monitoring.ts';

const manual = readFileSync('docs/monitoring.md', 'utf8');

describe('docs/monitoring.md', () => {
  it('has a runbook for each alert, and for no other', () => {
    const headings = [...manual.matchAll(/^### (Writ[A-Za-z]+)$/gm)].map(([, name]) => name);
    expect(headings.sort()).toEqual(
      alerts()
        .map(({ alert }) => alert)
        .sort(),
    );
  });

  it.each(alerts())(
    '$alert is complete, and its runbook is there',
    ({ alert, labels, annotations, ...rule }) => {
      expect(rule.for).toMatch(/^\d+[mh]$/);
      expect(labels?.severity).toMatch(/^(critical|warning|info)$/);
      expect(annotations?.summary).toMatch(/^[A-Z].{10,80}\.$/);
      expect(annotations?.description).toMatch(/^.{10,}\.$/);
      expect(annotations?.runbook).toBe(`docs/monitoring.md#${alert.toLowerCase()}`);
    },
  );

  it('names only panels that the dashboard has', () => {
    const titles = dashboardQueries().map(({ title }) => title);
    const quoted = [...manual.matchAll(/"([A-Z][A-Za-z' -]+)"/g)].map(([, title = '']) => title);
    const isTitle = (name: string) => titles.some((title) => title === name || title.startsWith(`${name} (`));
    expect(quoted.filter((name) => !isTitle(name))).toEqual([]);
  });
});

describe('deploy/monitoring', () => {
  it('has the dashboard as its source says (npm run dashboard)', () => {
    expect(readFileSync(`${MONITORING}/dashboard.json`, 'utf8')).toBe(dashboardText());
  });

  it('has a dashboard that any data source can be chosen for', () => {
    const uids = [...dashboardText().matchAll(/"uid": "([^"]*)"/g)].map(([, uid]) => uid);
    expect(new Set(uids)).toEqual(new Set(['writ', '$datasource']));
  });

  it('names only metrics that docs/metrics.md has, or those of prom-client', () => {
    const documented = readFileSync('docs/metrics.md', 'utf8');
    const exprs = [...rules(), ...dashboardQueries()].map(({ expr }) => expr);
    const named = exprs.flatMap((expr) => expr.match(/(?<![\w:])(writ|http_server)_\w+/g) ?? []);
    const metrics = new Set(named.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect(metrics.size).toBeGreaterThan(25);
    const unknown = [...metrics].filter((name) => !documented.includes(`\`${name}\``));
    expect(unknown).toEqual([]);
  });

  it('installs all of its files, and the dashboard as Grafana looks for it', () => {
    const { resources, configMapGenerator } = parse(readFileSync(`${MONITORING}/kustomization.yaml`, 'utf8'));
    const files = readdirSync(MONITORING).filter((name) => /(?<!^kustomization)\.yaml$/.test(name));
    expect([...resources].sort()).toEqual(files.sort());
    expect(configMapGenerator).toMatchObject([
      { files: ['writ.json=dashboard.json'], options: { labels: { grafana_dashboard: '1' } } },
    ]);
  });

  it.each(['api', 'controller'])(
    'has a PodMonitor that finds the pods of the %s, and their port',
    (process) => {
      const { spec } = parse(readFileSync(`deploy/${process}/deployment.yaml`, 'utf8'));
      const monitors = parseAllDocuments(readFileSync(`${MONITORING}/pod-monitors.yaml`, 'utf8')).map(
        (document) => document.toJS(),
      );
      const monitor = monitors.find(({ metadata }) => metadata.name === `writ-${process}`);
      const { labels } = spec.template.metadata;
      expect(labels).toMatchObject(monitor.spec.selector.matchLabels);
      // What rules and dashboard select by.
      expect(labels[monitor.spec.jobLabel]).toBe(`writ-${process}`);
      const ports = spec.template.spec.containers[0].ports.map(({ name }: { name: string }) => name);
      for (const { port } of monitor.spec.podMetricsEndpoints) expect(ports).toContain(port);
    },
  );
});

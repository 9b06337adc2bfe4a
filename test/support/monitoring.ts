import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const MONITORING = 'deploy/monitoring';

export interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface RuleGroup {
  name: string;
  rules: Rule[];
}

/** The groups of each PrometheusRule, by the name of its file: what Prometheus itself reads. */
export function ruleFiles(): Map<string, RuleGroup[]> {
  const files = readdirSync(MONITORING).filter((name) => /-(rules|alerts)\.yaml$/.test(name));
  return new Map(
    files.map((name) => [
      name,
      parse(readFileSync(join(MONITORING, name), 'utf8')).spec.groups as RuleGroup[],
    ]),
  );
}

export const rules = (): Rule[] =>
  [...ruleFiles().values()].flatMap((groups) => groups.flatMap((group) => group.rules));

export const alerts = () => rules().flatMap((rule) => (rule.alert ? [{ ...rule, alert: rule.alert }] : []));

interface PanelJson {
  title: string;
  type: string;
  targets?: { expr: string; legendFormat: string }[];
}

/** The queries of the dashboard, each with the title of its panel. */
export function dashboardQueries(): { title: string; expr: string; legend: string }[] {
  const { panels } = JSON.parse(readFileSync(join(MONITORING, 'dashboard.json'), 'utf8')) as {
    panels: PanelJson[];
  };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat: legend }) => ({ title, expr, legend })),
  );
}

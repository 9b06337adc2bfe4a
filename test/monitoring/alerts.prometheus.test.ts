import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { alerts, ruleFiles } from '../support/monitoring.ts';
import { programPath } from './programs.ts';

const SCENARIOS = 'test/monitoring/alerts';

interface Scenarios {
  rule_files: string[];
  tests: { name: string; promql_expr_test: { expr: string; exp_samples: { labels: string }[] }[] }[];
}

describe('the rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'writ-rules-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  // The files have custom resources; Prometheus and promtool read what is in them.
  for (const [name, groups] of ruleFiles()) writeFileSync(join(folder, name), stringify({ groups }));
  for (const name of readdirSync(SCENARIOS))
    copyFileSync(join(SCENARIOS, name), join(folder, `test-${name}`));

  function promtool(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(programPath('promtool'), args, {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, output: `${stdout}${stderr}` };
  }

  it('pass the lint of promtool', () => {
    const { status, output } = promtool(
      'check',
      'rules',
      '--lint=all',
      '--lint-fatal',
      ...ruleFiles().keys(),
    );
    expect(status, output).toBe(0);
  });

  it.each(readdirSync(SCENARIOS))('fire, and do not fire, as %s says', (name) => {
    const { status, output } = promtool('test', 'rules', `test-${name}`);
    expect(status, output).toBe(0);
  });

  it('have a scenario for each alert in which it fires', () => {
    const scenarios = readdirSync(SCENARIOS).flatMap(
      (name) => (parse(readFileSync(join(SCENARIOS, name), 'utf8')) as Scenarios).tests,
    );
    const fired = scenarios.flatMap(({ promql_expr_test }) =>
      promql_expr_test.flatMap(({ exp_samples }) =>
        exp_samples.flatMap(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1] ?? []),
      ),
    );
    expect([...new Set(fired)].sort()).toEqual(
      alerts()
        .map(({ alert }) => alert)
        .sort(),
    );
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { runTool } from './go-tools.ts';

export const CHARTS = { base: 'deploy/charts/writ-base', writ: 'deploy/charts/writ' };

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
export type Rendered = any;
export type Values = Record<string, unknown>;

export const objectsIn = (text: string): Rendered[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter(Boolean);

/** Helm with files of its own, for the tests of a file. */
export function useHelm() {
  const home = mkdtempSync(join(tmpdir(), 'writ-helm-'));
  afterAll(() => rmSync(home, { recursive: true }));
  const helm = ([command = '', ...args]: string[], values?: Values) => {
    const options = ['--namespace', 'writ-system', ...(values ? ['--values', '-'] : [])];
    return runTool('helm', [command, ...options, ...args], {
      home,
      ...(values && { input: stringify(values) }),
    });
  };

  /** What the chart renders with these values. */
  function render(chart: keyof typeof CHARTS, values: Values = {}, ...options: string[]): string {
    const { status, stdout, stderr } = helm(['template', chart, CHARTS[chart], ...options], values);
    expect(status, stderr).toBe(0);
    return stdout;
  }
  return { home, helm, render };
}

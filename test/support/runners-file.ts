import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';

type Fields = Record<string, unknown>;

/** A run template like config/runners.yaml, with other fields, also of each runner type, until the describe ends. */
export function runnersFile(fields: Fields, more: Fields = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'writ-runners-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'runners.yaml');
  const template = parse(readFileSync('config/runners.yaml', 'utf8')) as { runnerTypes: Fields[] };
  const runnerTypes = template.runnerTypes.map((type) => ({ ...type, ...fields }));
  // JSON is YAML too.
  writeFileSync(file, JSON.stringify({ ...template, ...more, runnerTypes }));
  return file;
}

/** The same as Writ reads it. */
export function templateWith(fields: Fields) {
  return readConfig({ WRIT_RUNNERS_FILE: runnersFile(fields) }).runners.template;
}

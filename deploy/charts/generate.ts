import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { edited } from './edits.ts';

/**
 * The charts' generated files, by their path below deploy/charts. The manifests of deploy/ are the only source: the charts add
 * what their values change (edits.ts).
 */
export function generateCharts(): Map<string, string> {
  const files = new Map<string, string>();
  for (const source of manifestFiles('deploy')) {
    const path = source.slice('deploy/'.length);
    const text = readFileSync(source, 'utf8');
    files.set(join(chartOf(path), 'templates', path), template(path, text));
  }
  for (const source of manifestFiles('deploy/monitoring'))
    files.set(join('writ/files', source.slice('deploy/'.length)), labelled(readFileSync(source, 'utf8')));
  files.set('writ/files/monitoring/writ.json', readFileSync('deploy/monitoring/dashboard.json', 'utf8'));
  files.set('writ/files/runners.yaml', readFileSync('config/runners.yaml', 'utf8'));
  files.set('writ/values.schema.json', valuesSchema());
  return files;
}

/** The files that a kustomization of this directory lists, in its order. */
function manifestFiles(folder: string): string[] {
  const { resources } = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as {
    resources: string[];
  };
  return resources.flatMap((path) => {
    if (path.startsWith('..')) return [];
    return path.endsWith('.yaml') ? [join(folder, path)] : manifestFiles(join(folder, path));
  });
}

/** What has to be there before Writ has a right, and what outlives an installation of Writ, is in a chart of its own. */
function chartOf(path: string): 'writ-base' | 'writ' {
  return /^(policies|crds)\/|^system\/namespace/.test(path) ? 'writ-base' : 'writ';
}

function template(path: string, text: string): string {
  if (text.includes('{{')) throw new Error(`deploy/${path} has {{, which a template would execute`);
  return `{{- /* Generated from deploy/${path} by \`npm run chart\`: do not edit. */ -}}\n${edited(path, labelled(text))}`;
}

function labelled(text: string): string {
  return text
    .split(/^---\n/m)
    .map(withLabel)
    .join('---\n');
}

/** The label that kustomize gives to all objects. */
function withLabel(text: string): string {
  const label = '    app.kubernetes.io/part-of: writ\n';
  const [metadata] = /^metadata:\n(?: .*\n)+/m.exec(text) ?? [];
  if (metadata === undefined) throw new Error(`An object without metadata: ${text.slice(0, 200)}`);
  const changed = metadata.includes('\n  labels:\n')
    ? metadata.replace('\n  labels:\n', `\n  labels:\n${label}`)
    : `${metadata}  labels:\n${label}`;
  return text.replace(metadata, () => changed);
}

/** The handwritten schema, with the names of the settings: helm refuses another one, as Writ itself would. */
function valuesSchema(): string {
  const schema = JSON.parse(readFileSync('deploy/charts/values.schema.json', 'utf8'));
  schema.$defs.settings.propertyNames = { enum: settableNames() };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Those that the chart sets itself, or that mean nothing in a cluster. */
const FIXED = /^WRIT_(HOST|PORT|ADMIN_PORT|SANDBOX_PORT|NAMESPACE|RUNNERS_FILE|KEY_FILE|BACKEND_CONTEXT)$/;

function settableNames(): string[] {
  try {
    readConfig({ WRIT_UNKNOWN: 'x' });
  } catch (error) {
    const names = String(error).match(/WRIT_(?!UNKNOWN\b)[A-Z_]+/g) ?? [];
    return names.filter((name) => !FIXED.test(name)).toSorted();
  }
  throw new Error('An unknown setting was accepted');
}

if (import.meta.main) {
  for (const chart of ['writ-base', 'writ'])
    for (const folder of ['api', 'controller', 'roles', 'system', 'policies', 'crds'])
      rmSync(join('deploy/charts', chart, 'templates', folder), { recursive: true, force: true });
  rmSync('deploy/charts/writ/files', { recursive: true, force: true });
  for (const [path, text] of generateCharts()) {
    const file = join('deploy/charts', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

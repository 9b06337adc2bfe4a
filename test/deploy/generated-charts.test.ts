import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { edited } from '../../deploy/charts/edits.ts';
import { generateCharts } from '../../deploy/charts/generate.ts';

const CHARTS = 'deploy/charts';
/** Templates that are not generated are beside the folders, which have the names of those of deploy/. */
const filesIn = (folder: string) =>
  readdirSync(join(CHARTS, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.parentPath !== join(CHARTS, folder))
    .map((entry) => join(entry.parentPath, entry.name).slice(CHARTS.length + 1));

describe('the charts', () => {
  const generated = generateCharts();

  it('match the manifests of deploy/ and config/runners.yaml (npm run chart)', () => {
    for (const [path, text] of generated) expect(readFileSync(join(CHARTS, path), 'utf8'), path).toBe(text);
    const templates = ['writ', 'writ-base'].flatMap((chart) => filesIn(`${chart}/templates`));
    expect(templates.filter((path) => !generated.has(path))).toEqual([]);
  });

  it.each(['writ', 'writ-base'])('%s has the version of the package', (chart) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const read = parse(readFileSync(join(CHARTS, chart, 'Chart.yaml'), 'utf8'));
    expect([read.name, read.version, read.appVersion]).toEqual([chart, version, version]);
  });

  it('a manifest that has changed where a value applies is not taken as it is', () => {
    const manifest = readFileSync('deploy/api/deployment.yaml', 'utf8');
    expect(() => edited('api/deployment.yaml', manifest.replace(/image: .*\n/, ''))).toThrow(/found 0 times/);
  });
});

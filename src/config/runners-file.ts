import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { type RunTemplate, runTemplate } from '../model/run-template.ts';

const DEFAULT_RUNNERS = new URL('../../config/runners.yaml', import.meta.url);

/** The validated file of runner types. Throws an Error that names the file and each problem, for the administrator. */
export function readRunTemplate(file: string | URL = DEFAULT_RUNNERS): RunTemplate {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`WRIT_RUNNERS_FILE: ${String(file)} cannot be read: ${(error as Error).message}`);
  }
  const result = runTemplate.safeParse(content);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${String(file)}: ${issue.path.join('.')}: ${issue.message}`,
  );
  throw new Error(problems.join('\n'));
}

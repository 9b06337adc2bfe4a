import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startWrit } from '../support/writ.ts';

const FOLDER = 'examples/apollo';
/** Not for a frontend: it shows on a terminal what the others do. */
const PROGRAM = `${FOLDER}/main.ts`;

/** The blocks of TypeScript, by the file that is named right before each. */
const blocks = ['docs/apollo.md', 'docs/persisted-operations.md']
  .flatMap((document) => [
    ...readFileSync(document, 'utf8').matchAll(
      /(?:\[(examples\/apollo\/[\w-]+\.ts)\]\([^)]+\):\n\n)?```ts\n(.*?)```/gs,
    ),
  ])
  .map(([, file = '', code = '']) => ({ file, code }));

describe('docs/apollo.md and docs/persisted-operations.md', () => {
  it('have the code of each file of the example, and no other', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
    const named = [...blocks.map(({ file }) => file), PROGRAM].sort();
    expect(named).toEqual(files.map((name) => `${FOLDER}/${name}`).sort());
  });

  it.each(blocks)('have $file as it stands', ({ file, code }) => {
    expect(code).toBe(readFileSync(file, 'utf8'));
  });
});

describe.each([
  ['documents', {}, []],
  ['hashes alone', { WRIT_OPERATIONS_FILE: `${FOLDER}/generated/persisted-documents.json` }, ['--persisted']],
])('the code of docs/apollo.md, with %s', (_, environment, persisted) => {
  const writ = startWrit({ environment });

  it("runs on Node's type stripping, against Writ", async () => {
    const options = ['--url', writ.url, '--token', writ.sandbox.identities.admin.token, ...persisted];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...options]);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      '2 of 6',
      '4 of 6',
      '5 of 7',
      '5 of 7',
      '4 of 6',
    ]);
    expect(lines[2]).toContain(': an-example,');
    expect(lines[3]).toContain(': An example,');
  });
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const textOf = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** An interface without the comments. */
function interfaceOf(text: string, name: string): string | undefined {
  const body = new RegExp(`interface ${name} \\{\\n([^}]*)\\}`).exec(text)?.[1];
  return body?.replaceAll(/ *\/\*\*.*?\*\/\n/gs, '');
}

it.each(['UpstreamCall', 'OmittedCalls'])('docs/developer-trace.md has the fields of %s', (name) => {
  const source = interfaceOf(textOf('src/kubernetes/call-trace.ts'), name);
  expect(source).toContain(': ');
  const identities = /CallIdentity = (.*);/.exec(textOf('src/kubernetes/call-identity.ts'))?.[1] ?? '';
  expect(interfaceOf(textOf('docs/developer-trace.md'), name)).toBe(
    source?.replace('CallIdentity', () => identities),
  );
});

import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const sha256 = (text: string) => hash('sha256', text);

/** A file with this content, as text or JSON, until the describe ends. */
export function operationsFile(content: unknown): string {
  const directory = mkdtempSync(join(tmpdir(), 'writ-operations-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'operations.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** What the client preset of GraphQL Code Generator writes for these documents. */
export function documentsByHash(...texts: string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => [`sha256:${sha256(text)}`, text]));
}

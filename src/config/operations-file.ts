import { hash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

export interface ListedOperation {
  /** By which clients name it, without the prefix `sha256:`. */
  id: string;
  /** Its document. */
  text: string;
}

/** More than any frontend has: a ConfigMap has at most 1 MiB. */
const MAX_BYTES = 4 * 1024 * 1024;

const id = z
  .string()
  .regex(/^[!-~]{1,128}$/, 'an id has 1 to 128 printable ASCII characters, without spaces');
const text = z.string().min(1);

/** What `generate-persisted-query-manifest` of Apollo writes. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id, body: text })),
});

/** What GraphQL Code Generator's client preset writes: documents by their hash. */
const documentsByHash = z.array(z.tuple([id, text]));

/** Of GraphQL over HTTP, for ids that are such a hash. */
const PREFIX = /^sha256:/;
const SHA256 = /^[0-9a-f]{64}$/i;

/** The operations of a manifest. Throws an Error that names the file and each problem, for the administrator. */
export function readOperations(file: string): ListedOperation[] {
  const problems: string[] = [];
  const texts = new Map<string, string>();
  for (const [given, text] of entriesOf(file, contentOf(file))) {
    const id = given.replace(PREFIX, '');
    if ((id !== given || SHA256.test(id)) && hash('sha256', text) !== id) {
      problems.push(`${given}: is not the sha256 of its document, in lower case`);
    }
    if ((texts.get(id) ?? text) !== text) problems.push(`${given}: is the id of two documents`);
    texts.set(id, text);
  }
  refuse(file, problems);
  return [...texts].map(([id, text]) => ({ id, text }));
}

function contentOf(file: string): unknown {
  try {
    if (!statSync(file).isFile()) throw new Error('it is not a file');
    if (statSync(file).size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`WRIT_OPERATIONS_FILE: ${file} cannot be read: ${(error as Error).message}`);
  }
}

function entriesOf(file: string, content: unknown): [id: string, text: string][] {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Error(`WRIT_OPERATIONS_FILE: ${file}: is not a JSON object`);
  }
  if ('format' in content) {
    const { data, error } = apolloManifest.safeParse(content);
    refuse(
      file,
      error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
    return (data?.operations ?? []).map((operation) => [operation.id, operation.body]);
  }
  const entries = Object.entries(content);
  const { data, error } = documentsByHash.safeParse(entries);
  refuse(
    file,
    error?.issues.map(({ path, message }) => `${entries[Number(path[0])]?.[0]}: ${message}`),
  );
  return data ?? [];
}

const MAX_PROBLEMS = 20;

function refuse(file: string, problems: readonly string[] = []): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, MAX_PROBLEMS).map((problem) => `WRIT_OPERATIONS_FILE: ${file}: ${problem}`);
  throw new Error(lines.join('\n'));
}

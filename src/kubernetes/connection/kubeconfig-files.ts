import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';

/** A cluster or a user of a kubeconfig: its fields as they are in the file. */
export interface KubeconfigEntry {
  kind: 'cluster' | 'user';
  name: string;
  /** Its relative paths are relative to this file's directory. */
  file: string;
  fields: Record<string, unknown>;
}

const fields = z.record(z.string(), z.unknown()).nullish();

const kubeconfig = z.object({
  'current-context': z.string().nullish(),
  contexts: z
    .array(
      z.object({
        name: z.string(),
        context: z.object({ cluster: z.string().nullish(), user: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
  clusters: z.array(z.object({ name: z.string(), cluster: fields })).nullish(),
  users: z.array(z.object({ name: z.string(), user: fields })).nullish(),
});

interface KubeconfigFile {
  file: string;
  content: z.infer<typeof kubeconfig>;
}

/**
 * The cluster and the user of a context, as kubectl finds them: of several files, the first that has a name decides, and
 * those that do not exist are left out. Throws an Error for the administrator, which quotes nothing but names.
 *
 * @param files one, or the list of KUBECONFIG
 * @param context the current one if absent
 */
export function readContext(
  files: readonly string[],
  context: string | undefined,
): { cluster: KubeconfigEntry; user: KubeconfigEntry } {
  const read = files.flatMap((file) => readFile(file, files.length > 1));
  const from = files.join(', ');
  if (read.length === 0) throw new Error(`None of these kubeconfigs exists: ${from}`);
  const name = context ?? read.map(({ content }) => content['current-context']).find(Boolean);
  if (!name) throw new Error(`${from} has no current context: WRIT_BACKEND_CONTEXT can name one`);
  const found = first(read, name, ({ contexts }) => contexts);
  if (!found) {
    const names = read.flatMap(({ content }) => content.contexts ?? []).map((each) => each.name);
    throw new Error(`${from} has no context "${name}". Its contexts: ${names.join(', ') || 'none'}`);
  }
  const { cluster, user } = found.entry.context ?? {};
  return { cluster: entry('cluster', cluster), user: entry('user', user) };

  function entry(kind: KubeconfigEntry['kind'], wanted: string | null | undefined): KubeconfigEntry {
    if (!wanted) throw new Error(`${found?.file}: the context "${name}" has no ${kind}`);
    const match = first(read, wanted, ({ clusters, users }) =>
      kind === 'cluster'
        ? clusters?.map((each) => ({ name: each.name, fields: each.cluster }))
        : users?.map((each) => ({ name: each.name, fields: each.user })),
    );
    if (!match) throw new Error(`${from} has no ${kind} "${wanted}", which the context "${name}" names`);
    return { kind, name: wanted, file: match.file, fields: match.entry.fields ?? {} };
  }
}

function first<T extends { name: string }>(
  read: KubeconfigFile[],
  name: string,
  list: (content: KubeconfigFile['content']) => T[] | null | undefined,
): { file: string; entry: T } | undefined {
  for (const { file, content } of read) {
    const [entry, ...others] = (list(content) ?? []).filter((each) => each.name === name);
    if (others.length > 0) throw new Error(`${file} has several entries "${name}" in one list`);
    if (entry) return { file, entry };
  }
  return undefined;
}

/** The parsers' own messages are dropped: they quote what is around the error, which may be a token. */
function readFile(file: string, isOptional: boolean): KubeconfigFile[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (code === 'ENOENT' && isOptional) return [];
    throw notReadable(file, ` (${code})`);
  }
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw notReadable(file, `: line ${line} is not valid YAML (${error.code})`);
  }
  const result = kubeconfig.safeParse(contentOf(document));
  if (result.success) return [{ file, content: result.data }];
  const path = result.error.issues[0]?.path.join('.');
  throw notReadable(file, path ? `: ${path} is missing or has another form` : ': it is no mapping');
}

/** Undefined if too many aliases make it large. */
function contentOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

function notReadable(file: string, why: string): Error {
  return new Error(`${file} cannot be read as a kubeconfig${why}`);
}

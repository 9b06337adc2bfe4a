import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Go packages with a generated.proto, by their module. */
const PACKAGES = {
  'k8s.io/api': ['authentication', 'authorization', 'batch', 'coordination', 'core', 'rbac'].map(
    (group) => `${group}/v1`,
  ),
  'k8s.io/apimachinery': ['pkg/apis/meta/v1', 'pkg/api/resource', 'pkg/runtime', 'pkg/util/intstr'],
  'k8s.io/apiextensions-apiserver': ['pkg/apis/apiextensions/v1'],
};

/** What the sandbox serves or reads. */
const ROOTS =
  /\.(core\.v1\.(Namespace|Pod|Event|ServiceAccount|Secret|ConfigMap)|batch\.v1\.(Job|CronJob)|rbac\.v1\.(Cluster)?Role(Binding)?|coordination\.v1\.Lease|authentication\.v1\.(TokenRequest|TokenReview|SelfSubjectReview)|authorization\.v1\.SelfSubject(Access|Rules)Review|apiextensions\.v1\.CustomResourceDefinition|meta\.v1\.DeleteOptions|runtime\.Unknown)$/;

const directory = fileURLToPath(new URL('../../src/sandbox/types/proto/', import.meta.url));
const module = fileURLToPath(new URL('.', import.meta.url));

interface Message {
  package: string;
  text: string;
  /** Full names of the messages of its fields. */
  uses: string[];
}

/**
 * Writes the fields of the kinds that the sandbox knows, from the modules of go.mod: their names, numbers and types, whether
 * they are required, and how lists and maps are merged. Descriptions stay where they are.
 */
function main(): void {
  const messages = new Map<string, Message>();
  for (const [name, packages] of Object.entries(PACKAGES)) {
    const [root = '', version] = go('list', '-m', '-f', '{{.Dir}} {{.Version}}', name).trim().split(' ');
    for (const each of packages) readMessages(`${root}/${each}/generated.proto`, messages);
    process.stdout.write(`${name} ${version}\n`);
  }
  const kept = new Set<string>();
  const keep = (name: string) => {
    if (kept.has(name)) return;
    kept.add(name);
    for (const used of messages.get(name)?.uses ?? []) keep(used);
  };
  for (const name of messages.keys()) if (ROOTS.test(name)) keep(name);
  write([...messages].filter(([name]) => kept.has(name)).map(([, message]) => message));
}

function go(...args: string[]): string {
  return execFileSync('go', args, { cwd: module, encoding: 'utf8' });
}

function readMessages(file: string, messages: Map<string, Message>): void {
  const text = readFileSync(file, 'utf8');
  const own = /^package (.*);$/m.exec(text)?.[1] ?? '';
  const omitted = omittedFields(dirname(file));
  for (const [message, name = ''] of text.matchAll(/(?:^\/\/.*\n)*^message (\w+) \{\n[\s\S]*?^\}\n/gm)) {
    const types = [...message.matchAll(/^ +(?:optional|repeated|map<\w+,) ([\w.]+)>? /gm)];
    const uses = types.map(([, type = '']) => (type.startsWith('.') ? type.slice(1) : `${own}.${type}`));
    const text = withoutDescriptions(marked(message, omitted.get(name)));
    messages.set(`${own}.${name}`, { package: own, text, uses });
  }
}

/** The JSON names of the fields that Go omits if they are empty, by type: OpenAPI does not require them. */
function omittedFields(directory: string): Map<string, Set<string>> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.go') && !name.includes('_test'));
  const source = files.map((name) => readFileSync(`${directory}/${name}`, 'utf8')).join('\n');
  const structs = source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm);
  return new Map(
    [...structs].map(([, name = '', body = '']) => {
      const fields = body.matchAll(/json:"(\w+),(?:omitempty|omitzero)/g);
      return [name, new Set([...fields].map(([, field = '']) => field))];
    }),
  );
}

function marked(message: string, omitted = new Set<string>()): string {
  return message.replace(/((?:^ {2}\/\/.*\n)*)(^ {2}\w.* (\w+) = \d+;)/gm, (all, comment, field, name) =>
    omitted.has(name) && !/ \+(optional|required)/.test(comment) ? `${comment}  // +optional\n${field}` : all,
  );
}

const MARKER =
  /^ *\/\/ \+(optional|required|(listType|listMapKey|structType|mapType|patchStrategy|patchMergeKey)=[\w,]+)$/;

function withoutDescriptions(message: string): string {
  const lines = message.split('\n').filter((line) => !/^ *(\/\/.*)?$/.test(line) || MARKER.test(line));
  return `${lines.join('\n')}\n`;
}

function write(messages: Message[]): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, own] of Map.groupBy(messages, (message) => message.package)) {
    const head = `// The fields of Kubernetes' types, their numbers and how lists are merged. Written by test/cluster/read-types.ts.\nsyntax = "proto2";\n\npackage ${name};\n\n`;
    writeFileSync(`${directory}${name}.proto`, head + own.map(({ text }) => text).join('\n'));
  }
}

main();

import { readdirSync, readFileSync } from 'node:fs';

/** One field of a built-in type, as Kubernetes' generated.proto describes it. */
export interface MessageField {
  name: string;
  number: number;
  /** A scalar of protocol buffers, or the full name of a message. */
  type: string;
  form: 'single' | 'list' | 'map';
  /** What marks it in the comment before it, such as `listType` with the values `map`. */
  markers: Map<string, string[]>;
}

export interface Message {
  /** With its package: k8s.io.api.core.v1.Pod */
  name: string;
  fields: MessageField[];
}

const directory = new URL('proto/', import.meta.url);
let read: Map<string, Message> | undefined;

/** The types of the built-in kinds, by full name. They are read when something needs them. */
export function messages(): Map<string, Message> {
  read ??= new Map(
    readdirSync(directory).flatMap((file) =>
      parse(readFileSync(new URL(file, directory), 'utf8')).map(
        (message) => [message.name, message] as const,
      ),
    ),
  );
  return read;
}

/** The type of a kind in an API group. */
export function messageOf(group: string, kind: string): Message | undefined {
  const end = `.${group.split('.')[0] || 'core'}.v1.${kind}`;
  for (const message of messages().values()) if (message.name.endsWith(end)) return message;
  return undefined;
}

/** Whether the message of the field has its own fields in the place of the field in JSON (`json:",inline"` in Go). */
export function isInline({ name }: MessageField): boolean {
  return ['volumeSource', 'localObjectReference', 'handler', 'ephemeralContainerCommon'].includes(name);
}

const FIELD = /^ {2}(optional|repeated|map<string,) ([\w.]+)>? (\w+) = (\d+);$/;

function parse(text: string): Message[] {
  const found: Message[] = [];
  let comment: string[] = [];
  let own = '';
  for (const line of text.split('\n')) {
    const [, said] = /^ *\/\/ ?(.*)$/.exec(line) ?? [];
    if (said !== undefined) {
      comment.push(said);
      continue;
    }
    own = /^package (.*);$/.exec(line)?.[1] ?? own;
    const name = /^message (\w+) \{$/.exec(line)?.[1];
    if (name) found.push({ name: `${own}.${name}`, fields: [] });
    const [, label, type = '', field = '', number] = FIELD.exec(line) ?? [];
    if (label) {
      const form = label === 'optional' ? 'single' : label === 'repeated' ? 'list' : 'map';
      const full = /^[a-z]\w*$/.test(type) ? type : type.startsWith('.') ? type.slice(1) : `${own}.${type}`;
      const markers = markersOf(comment);
      found.at(-1)?.fields.push({ name: field, number: Number(number), type: full, form, markers });
    }
    comment = [];
  }
  return found;
}

function markersOf(comment: string[]): Map<string, string[]> {
  const markers = new Map<string, string[]>();
  for (const line of comment) {
    const [name = '', value = ''] = line.replace(/^\+/, '').split('=');
    markers.set(name, [...(markers.get(name) ?? []), value]);
  }
  return markers;
}

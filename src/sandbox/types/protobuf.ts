import type { Fields } from '../objects.ts';
import { isInline, type Message, type MessageField, messageOf, messages } from './messages.ts';

const META = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const MAGIC = Buffer.from('k8s\0');

/** Messages that are no object in JSON, from what their fields are. */
const SPECIAL: Record<string, (fields: Fields) => unknown> = {
  [`${META}.Time`]: time,
  [`${META}.MicroTime`]: time,
  [`${META}.FieldsV1`]: ({ Raw }) => json(Raw),
  'k8s.io.apimachinery.pkg.api.resource.Quantity': ({ string = '0' }) => string,
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': ({ type, intVal = 0, strVal = '' }) =>
    type === 1 ? strVal : intVal,
  'k8s.io.apimachinery.pkg.runtime.RawExtension': ({ raw }) => json(raw),
  'k8s.io.api.authentication.v1.ExtraValue': ({ items = [] }) => items,
  'k8s.io.api.authorization.v1.ExtraValue': ({ items = [] }) => items,
};

/**
 * The object in a body of the media type application/vnd.kubernetes.protobuf, which clients in Go send for built-in kinds:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding. Throws if it is none.
 */
export function decodeKubernetes(body: Buffer): Fields {
  if (!body.subarray(0, 4).equals(MAGIC)) throw new Error('it does not begin as Kubernetes objects do');
  const unknown = decode(known('k8s.io.apimachinery.pkg.runtime.Unknown'), body.subarray(4));
  const { apiVersion = '', kind = '' } = (unknown.typeMeta ?? {}) as { apiVersion?: string; kind?: string };
  const [, group = ''] = apiVersion.split('/').reverse();
  // DeleteOptions have the API version of what they delete.
  const message = kind === 'DeleteOptions' ? known(`${META}.${kind}`) : messageOf(group, kind);
  if (!message) throw new Error(`the sandbox does not know the kind ${kind} in ${apiVersion}`);
  return { apiVersion, kind, ...decode(message, Buffer.from(String(unknown.raw ?? ''), 'base64')) };
}

function known(name: string): Message {
  const message = messages().get(name);
  if (!message) throw new Error(`the sandbox does not know the type ${name}`);
  return message;
}

/** https://protobuf.dev/programming-guides/encoding/ */
class Wire {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error('it is cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A value by the wire type of its tag. */
  value(wireType: number): bigint | Buffer {
    if (wireType === 0) return this.varint();
    if (wireType === 2) return this.take(Number(this.varint()));
    if (wireType === 1 || wireType === 5) return this.take(wireType === 1 ? 8 : 4);
    throw new Error(`the wire type ${wireType} is not known`);
  }
}

function decode(message: Message, bytes: Buffer): Fields {
  const result: Fields = {};
  const wire = new Wire(bytes);
  while (!wire.isAtEnd) {
    const tag = Number(wire.varint());
    const value = wire.value(tag & 7);
    const field = message.fields.find(({ number }) => number === tag >> 3);
    if (field) add(result, field, value);
  }
  return result;
}

function add(result: Fields, field: MessageField, value: bigint | Buffer): void {
  const { name, type, form } = field;
  if (form === 'map') {
    const entry = entryOf(type, value as Buffer);
    result[name] = { ...(result[name] as Fields), [entry.key]: entry.value };
    return;
  }
  const decoded = convert(type, value);
  if (form === 'list') result[name] = [...((result[name] as unknown[]) ?? []), decoded];
  else if (isInline(field)) Object.assign(result, decoded);
  // Fields that are no pointers in Go are sent without a value too.
  else if (decoded !== '' && decoded !== undefined) result[name] = decoded;
}

function entryOf(type: string, bytes: Buffer): { key: string; value: unknown } {
  const entry = { key: '', value: convert(type, Buffer.alloc(0)) };
  const wire = new Wire(bytes);
  while (!wire.isAtEnd) {
    const tag = Number(wire.varint());
    const value = wire.value(tag & 7);
    if (tag >> 3 === 1) entry.key = value.toString();
    else entry.value = convert(type, value);
  }
  return entry;
}

function convert(type: string, value: bigint | Buffer): unknown {
  if (typeof value === 'bigint') {
    if (type === 'bool') return value !== 0n;
    const signed = BigInt.asIntN(64, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }
  if (type === 'string') return value.toString();
  if (type === 'bytes') return value.toString('base64');
  if (type === 'double') return value.readDoubleLE();
  const fields = decode(known(type), value);
  return Object.hasOwn(SPECIAL, type) ? SPECIAL[type]?.(fields) : fields;
}

function time({ seconds, nanos = 0 }: Fields): string | undefined {
  if (seconds === undefined) return undefined;
  const text = new Date(Number(seconds) * 1_000).toISOString();
  return text.replace('.000Z', nanos ? `.${String(nanos).padStart(9, '0').slice(0, 6)}Z` : 'Z');
}

function json(base64: unknown): unknown {
  return base64 ? JSON.parse(Buffer.from(String(base64), 'base64').toString()) : undefined;
}

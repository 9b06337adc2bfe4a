/** The fields of a message in protocol buffers: numbers and contents in order. */
export type ProtobufFields = [number: number, value: number | string | Buffer | ProtobufFields][];

export function encodeProtobuf(fields: ProtobufFields): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number << 3), varint(value)];
      const bytes = Array.isArray(value) ? encodeProtobuf(value) : Buffer.from(value as string);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

/** A body of the media type application/vnd.kubernetes.protobuf. */
export function kubernetesProtobuf(apiVersion: string, kind: string, fields: ProtobufFields): Buffer {
  const typeMeta: ProtobufFields = [
    [1, apiVersion],
    [2, kind],
  ];
  const unknown = encodeProtobuf([
    [1, typeMeta],
    [2, encodeProtobuf(fields)],
    [3, ''],
    [4, ''],
  ]);
  return Buffer.concat([Buffer.from('k8s\0'), unknown]);
}

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** A message in protocol buffers as its fields: a number, or for text and nested messages their bytes. */
export function decodeProtobuf(bytes: Buffer): [number: number, value: number | bigint | Buffer][] {
  const fields: [number, number | bigint | Buffer][] = [];
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const wireType = tag & 7;
    if (wireType === 0) fields.push([tag >> 3, readVarint()]);
    else if (wireType === 1) {
      fields.push([tag >> 3, bytes.readBigUInt64LE(at)]);
      at += 8;
    } else if (wireType === 5) {
      fields.push([tag >> 3, bytes.readUInt32LE(at)]);
      at += 4;
    } else {
      const length = readVarint();
      fields.push([tag >> 3, bytes.subarray(at, at + length)]);
      at += length;
    }
  }
  return fields;
}

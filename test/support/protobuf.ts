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

import type { Resource } from '../storage/resources.ts';
import { pathsOf } from './openapi.ts';

/** The media type of the OpenAPI v2 document. */
export const OPENAPI_V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/**
 * The part of the OpenAPI v2 document from which kubectl before 1.28 learns that the server validates fields and knows dry
 * runs, in protocol buffers: https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
 */
export function openapiV2Document(resources: Resource[]): Buffer {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(queryParameter);
  const paths = resources.map((resource) => {
    const { group, version, kind } = resource;
    const yaml = `group: "${group}"\nversion: ${version}\nkind: ${kind}\n`;
    const extension = message(text(1, 'x-kubernetes-group-version-kind'), field(2, text(2, yaml)));
    const operation = message(...parameters.map((parameter) => field(8, parameter)), field(13, extension));
    return field(2, message(text(1, pathsOf(resource)[1]), field(2, field(8, operation))));
  });
  const info = message(text(1, 'Writ sandbox'), text(2, 'v1.30.0-sandbox'));
  return message(text(1, '2.0'), field(2, info), field(8, message(...paths)));
}

function queryParameter(name: string): Buffer {
  const parameter = message(text(2, 'query'), text(4, name), text(6, 'string'));
  return field(1, field(2, field(3, parameter)));
}

const message = (...fields: Buffer[]) => Buffer.concat(fields);
const text = (number: number, value: string) => field(number, Buffer.from(value));

/** A length-delimited field. */
function field(number: number, value: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const bytes = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest >>>= 7) {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  }
  return Buffer.from(bytes);
}

import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { type Fields, isFields } from '../objects.ts';
import { badRequest, StatusError, unsupportedMediaType } from '../status.ts';
import { decodeKubernetes } from '../types/protobuf.ts';
import { parseJson } from './json.ts';

const limit = 3 * 1024 * 1024;

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const decoders: [mediaTypes: RegExp, decode: (bytes: Buffer) => unknown][] = [
  [/json$/, (bytes) => parseJson(bytes.toString())],
  [/yaml$/, (bytes) => parseYaml(bytes.toString())],
  [/^application\/vnd\.kubernetes\.protobuf$/, decodeKubernetes],
];

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
}

/** The decoded body, undefined if it is empty; 413 above 3 MiB. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readAll(request);
  if (bytes.length === 0) return undefined;
  const decode = decoders.find(([types]) => types.test(mediaType(request)))?.[1];
  if (!decode) {
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    );
  }
  try {
    return decode(bytes);
  } catch (error) {
    throw badRequest(`the body is not valid: ${error instanceof Error ? error.message : error}`);
  }
}

export async function readObject(request: IncomingMessage): Promise<Fields> {
  const body = await readBody(request);
  if (!isFields(body)) throw badRequest('the body is not an object');
  return body;
}

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Fields, isFields, type KubeObject, pointerSteps } from '../objects.ts';
import { badRequest, StatusError, unsupportedMediaType } from '../status.ts';
import type { Resource } from '../storage/resources.ts';
import { structureOf } from '../types/structure.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

/** The current object with a PATCH of this media type applied. */
export function applyPatch(
  resource: Resource,
  current: KubeObject,
  mediaType: string,
  patch: unknown,
): Fields {
  switch (mediaType) {
    case 'application/merge-patch+json':
      return mergePatch(current, fields(patch));
    case 'application/json-patch+json':
      return jsonPatch(current, patch);
    case 'application/strategic-merge-patch+json':
      if (!resource.schema) return strategicMergePatch(current, fields(patch), structureOf(resource));
  }
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json',
  );
}

function fields(patch: unknown): Fields {
  if (!isFields(patch)) throw badRequest('the patch is not an object');
  return patch;
}

/** JSON merge patch, RFC 7396. */
function mergePatch(target: unknown, patch: Fields): Fields {
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isFields(value) ? mergePatch(result[key], value) : value;
  }
  return result;
}

const operations = z.array(
  z.object({ op: z.string(), path: z.string(), from: z.string().default(''), value: z.unknown().optional() }),
);

/**
 * JSON patch, RFC 6902, except that `replace` adds a missing field and `test` takes a missing field for null. As in
 * Kubernetes, a failed operation is a 422 whose message does not name it.
 */
function jsonPatch(current: KubeObject, patch: unknown): Fields {
  const parsed = operations.safeParse(patch);
  if (!parsed.success) throw badRequest(`error decoding patch: ${z.prettifyError(parsed.error)}`);
  const root = { document: structuredClone(current) as unknown };
  for (const operation of parsed.data) {
    const { path } = operation;
    switch (operation.op) {
      case 'test':
        if (!isDeepStrictEqual(readOrNull(root, path), operation.value)) throw failed();
        break;
      case 'remove':
        remove(root, path);
        break;
      case 'move':
      case 'copy': {
        const value = structuredClone(read(root, operation.from));
        if (operation.op === 'move') remove(root, operation.from);
        write(root, path, value, true);
        break;
      }
      case 'add':
      case 'replace':
        write(root, path, operation.value, operation.op === 'add');
        break;
      default:
        throw failed();
    }
  }
  return fields(root.document);
}

interface Root {
  document: unknown;
}

function failed(): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}

/** The object or array that a JSON pointer's last step selects from, and that step. */
function locate(root: Root, pointer: string): [container: Fields | unknown[], step: string] {
  if (pointer === '') return [root as unknown as Fields, 'document'];
  if (!pointer.startsWith('/')) throw failed();
  const steps = pointerSteps(pointer);
  const last = steps.pop() ?? '';
  const container = steps.reduce<unknown>(
    (v, s) => (Array.isArray(v) ? v[Number(s)] : isFields(v) ? v[s] : undefined),
    root.document,
  );
  if (!isFields(container) && !Array.isArray(container)) throw failed();
  return [container, last];
}

function index(list: unknown[], step: string, end: number): number {
  const i = step === '-' ? list.length : /^\d+$/.test(step) ? Number(step) : -1;
  if (i < 0 || i > end) throw failed();
  return i;
}

function read(root: Root, pointer: string): unknown {
  const [container, step] = locate(root, pointer);
  if (!Array.isArray(container) && !Object.hasOwn(container, step)) throw failed();
  return readOrNull(root, pointer);
}

function readOrNull(root: Root, pointer: string): unknown {
  const [container, step] = locate(root, pointer);
  if (Array.isArray(container)) return container[index(container, step, container.length - 1)];
  return Object.hasOwn(container, step) ? container[step] : null;
}

function remove(root: Root, pointer: string): void {
  read(root, pointer);
  const [container, step] = locate(root, pointer);
  if (Array.isArray(container)) container.splice(Number(step), 1);
  else delete container[step];
}

function write(root: Root, pointer: string, value: unknown, insert: boolean): void {
  const [container, step] = locate(root, pointer);
  if (!Array.isArray(container)) container[step] = value;
  else if (insert) container.splice(index(container, step, container.length), 0, value);
  else container[index(container, step, container.length - 1)] = value;
}

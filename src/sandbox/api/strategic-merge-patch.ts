import { isDeepStrictEqual } from 'node:util';
import { type Fields, isFields } from '../objects.ts';
import { badRequest } from '../status.ts';
import type { Structure } from '../types/structure.ts';

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';

/**
 * The object with a strategic merge patch applied: as a JSON merge patch, but lists are merged where their type says so.
 * https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMergePatch(target: unknown, patch: Fields, structure: Structure): Fields {
  const { $patch: directive, $retainKeys: retained, ...changes } = patch;
  if (directive === 'replace') return changes;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw badRequest(`Unknown patch type: ${directive}`);
  const given = isFields(target) ? Object.entries(target) : [];
  const result: Fields = Object.fromEntries(
    given.filter(([name]) => !Array.isArray(retained) || retained.includes(name)),
  );
  for (const [name, value] of Object.entries(changes)) {
    if (name.startsWith(DELETE_FROM_LIST)) {
      const field = name.slice(DELETE_FROM_LIST.length);
      result[field] = listOf(result[field]).filter((item) => !listOf(value).includes(item));
    } else if (value === null) delete result[name];
    else if (!name.startsWith('$setElementOrder/')) {
      result[name] = patched(result[name], value, structure.field(name));
    }
  }
  return result;
}

function patched(target: unknown, value: unknown, structure: Structure): unknown {
  if (isFields(value)) return strategicMergePatch(target, value, structure);
  if (!Array.isArray(value) || !structure.isMergedByPatch) return value;
  const key = structure.patchMergeKey;
  if (!value.some(isFields)) return [...new Set([...listOf(target), ...value])];
  const isReplaced = value.some((item) => isDeepStrictEqual(item, { $patch: 'replace' }));
  const items = isReplaced ? [] : [...listOf(target)];
  for (const item of value.filter(isFields)) {
    const { $patch: directive, ...change } = item;
    if (directive === 'replace') continue;
    if (change[key] === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    const at = items.findIndex((known) => isFields(known) && known[key] === change[key]);
    if (directive === 'delete') items.splice(at < 0 ? items.length : at, 1);
    else
      items.splice(at < 0 ? items.length : at, 1, strategicMergePatch(items[at], change, structure.item()));
  }
  return items;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

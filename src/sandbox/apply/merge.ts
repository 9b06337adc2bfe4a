import { isDeepStrictEqual } from 'node:util';
import { type Fields, isFields } from '../objects.ts';
import type { Structure } from '../types/structure.ts';
import { itemElement } from './field-paths.ts';

/** The value with what is applied to it: objects and lists with keys are merged, all else is replaced. */
export function merged(live: unknown, applied: unknown, structure: Structure): unknown {
  if (isFields(live) && isFields(applied) && !structure.isAtomic) {
    const entries = Object.entries(applied).map(([name, value]) => [
      name,
      merged(live[name], value, structure.field(name)),
    ]);
    return { ...live, ...Object.fromEntries(entries) };
  }
  if (!Array.isArray(live) || !Array.isArray(applied) || structure.listType === 'atomic') return applied;
  if (structure.listType === 'set') {
    return [...live, ...applied.filter((item) => !live.some((known) => isDeepStrictEqual(known, item)))];
  }
  const items = new Map(live.map((item) => [itemElement(item, structure), item as unknown]));
  for (const item of applied) {
    const key = itemElement(item, structure);
    items.set(key, merged(items.get(key), item, structure.item()));
  }
  return [...items.values()];
}

/** The value without the field or item at the path; what is empty without it goes too. */
export function without(value: unknown, [element = '', ...rest]: string[], structure: Structure): unknown {
  if (isFields(value) && element.startsWith('f:')) {
    const name = element.slice(2);
    const { [name]: inner, ...others } = value;
    const left = rest.length > 0 ? without(inner, rest, structure.field(name)) : undefined;
    return nonEmpty(left === undefined ? others : { ...value, [name]: left });
  }
  if (!Array.isArray(value)) return value;
  const left = value.flatMap((item) => {
    if (itemElement(item, structure) !== element) return [item];
    const inner = rest.length > 0 ? without(item, rest, structure.item()) : undefined;
    return inner === undefined ? [] : [inner];
  });
  return nonEmpty(left);
}

function nonEmpty<T extends Fields | unknown[]>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

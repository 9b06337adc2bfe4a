import type { AnyObject, ListOptions } from '../../../src/kubernetes/reader.ts';

export const object = (name: string) => ({ metadata: { name } }) as AnyObject;

/**
 * A list of objects with these names, in order. A continue token is `>` and the name that it continues after. A real
 * cluster counts what remains only without a selector.
 */
export class ScriptedList {
  names: string[];
  counts = true;
  /** The limit and the continue token of each call. */
  readonly calls: [limit: number | undefined, token: string | undefined][] = [];

  constructor(names: string[]) {
    this.names = names;
  }

  list = async ({
    limit = Number.POSITIVE_INFINITY,
    continue: token,
  }: Pick<ListOptions, 'limit' | 'continue'>) => {
    this.calls.push([limit, token]);
    if (this.calls.length > 50) throw new Error('the page does not end');
    const following = this.names.toSorted().filter((name) => name > (token?.slice(1) ?? ''));
    const items = following.slice(0, limit);
    const remaining = following.length - items.length;
    const more = { continue: `>${items.at(-1)}`, ...(this.counts && { remainingItemCount: remaining }) };
    return { metadata: { resourceVersion: '7', ...(remaining > 0 && more) }, items: items.map(object) };
  };
}

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import './virtual-list.css';

interface VirtualListProps<Item> {
  label: string;
  items: readonly Item[];
  keyOf(item: Item): string;
  /** The height of a row in px, before it was measured. */
  estimate: number;
  children(item: Item): ReactNode;
  /** Called when the last rows come into view. */
  onEnd?: (() => void) | undefined;
}

/** A list in a viewport of its own, of which only the rows in view are in the document. */
export function VirtualList<Item>({
  label,
  items,
  keyOf,
  estimate,
  children,
  onEnd,
}: VirtualListProps<Item>) {
  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => viewport.current,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    estimateSize: () => estimate,
    overscan: 8,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index;
  useEffect(() => {
    if (last !== undefined && last >= items.length - 1) onEnd?.();
  }, [last, items.length, onEnd]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={viewport} className="virtual-viewport" tabIndex={0} aria-label={label}>
      <ul className="virtual-list" style={{ height: virtualizer.getTotalSize() }}>
        {rows.map(({ key, index, start }) => {
          const item = items[index];
          return (
            item !== undefined && (
              <li
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                aria-setsize={items.length}
                aria-posinset={index + 1}
                style={{ transform: `translateY(${start}px)` }}
              >
                {children(item)}
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

import { type FocusEvent, type ReactNode, useEffect, useRef } from 'react';
import './rows.css';

interface RowsProps<Item> {
  label: string;
  items: readonly Item[];
  /** What is shown without any. */
  empty: ReactNode;
  className?: string;
  /** Of each item, an `li`. */
  children(item: Item): ReactNode;
}

/** A list of objects. When the row that had the focus is removed, the next one has it, or the heading above the list. */
export function Rows<Item>({ label, items, empty, className = '', children }: RowsProps<Item>) {
  const container = useRef<HTMLDivElement>(null);
  const last = useRef<{ row: Element; index: number }>(undefined);
  const onFocus = ({ target }: FocusEvent) => {
    // What a row has opened is elsewhere in the document.
    const row = container.current?.contains(target) ? target.closest('.rows > li') : null;
    if (row) last.current = { row, index: [...(row.parentElement?.children ?? [])].indexOf(row) };
  };
  // A dialog that has asked keeps the focus until it is closed.
  useEffect(() => {
    if (!last.current || last.current.row.isConnected) return;
    const { activeElement } = document;
    if (activeElement?.closest('[role$=dialog]')) return;
    const { index } = last.current;
    last.current = undefined;
    if (activeElement !== document.body) return;
    const rows = container.current?.querySelectorAll<HTMLElement>('.rows > li');
    const next = rows?.[Math.min(index, rows.length - 1)];
    const heading = container.current?.closest('.section, .page')?.querySelector<HTMLElement>('h1, h2');
    focus(next ?? heading);
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is in it has the focus
    <div ref={container} className="rows-part" onFocus={onFocus}>
      {items.length === 0 ? (
        empty
      ) : (
        <ul className={`rows ${className}`} aria-label={label}>
          {items.map(children)}
        </ul>
      )}
    </div>
  );
}

function focus(element: HTMLElement | null | undefined): void {
  if (!element) return;
  element.tabIndex = -1;
  element.focus();
}

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Spinner } from '../components/spinner.tsx';
import type { SessionRowFragment } from '../generated/graphql.ts';
import { useRunnerTypes } from '../session-fields/use-runner-types.ts';
import { sessions as text } from '../text/sessions.ts';
import '../components/row-link.css';
import './session-grid.css';
import { SessionRow } from './session-row.tsx';

const ROW_PX = 57;
/** Further pages are read before the last row comes into view. */
const ROWS_AHEAD = 40;

interface Props {
  sessions: readonly SessionRowFragment[];
  totalCount: number | null;
  isLoadingMore: boolean;
  readMore: (() => void) | undefined;
}

/**
 * A grid as the ARIA Authoring Practices describe it: it is one stop of the Tab key, and the arrow keys move within it. Only the
 * rows in view are in the document.
 */
export function SessionGrid({ sessions, totalCount, isLoadingMore, readMore }: Props) {
  const viewport = useRef<HTMLDivElement>(null);
  const hintId = useId();
  /** The row that the Tab key leads to: by its id, as rows move. */
  const [activeId, setActiveId] = useState<string>();
  const activeIndex = Math.max(
    0,
    sessions.findIndex(({ id }) => id === activeId),
  );
  const virtualizer = useVirtualizer({
    count: sessions.length,
    getScrollElement: () => viewport.current,
    getItemKey: (index) => sessions[index]?.id ?? index,
    estimateSize: () => ROW_PX,
    overscan: 12,
    // The row with the focus stays in the document.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const [from, to] = [Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan)];
      const rows = Array.from({ length: to - from + 1 }, (_, index) => from + index);
      return rows.includes(activeIndex) || activeIndex >= count
        ? rows
        : [...rows, activeIndex].sort((a, b) => a - b);
    },
  });
  const runnerTypeOf = useRunnerTypes();
  const rows = virtualizer.getVirtualItems();
  const lastInView = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    if (lastInView >= sessions.length - ROWS_AHEAD) readMore?.();
  }, [lastInView, sessions.length, readMore]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>('[data-index]');
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const stops = [...row.querySelectorAll<HTMLElement>('a, button')];
    const stop = stops.indexOf(target);
    if (stop === -1) return;
    const index = Number(row.dataset.index);
    const next = indexAfter(event.key, index, sessions.length, pageOf(viewport.current));
    if (next !== undefined) focusRow(next, stop);
    else if (event.key === 'ArrowRight') stops[stop + 1]?.focus();
    else if (event.key === 'ArrowLeft') stops[stop - 1]?.focus();
    else return;
    event.preventDefault();
  }

  function focusRow(index: number, stop: number): void {
    setActiveId(sessions[index]?.id);
    virtualizer.scrollToIndex(index);
    // It is in the document after the next frame.
    requestAnimationFrame(() => {
      const row = viewport.current?.querySelector(`[data-index="${index}"]`);
      row?.querySelectorAll<HTMLElement>('a, button')[stop]?.focus({ preventScroll: true });
    });
  }

  const { columns } = text;
  return (
    <div className="session-grid" aria-busy={isLoadingMore}>
      <p id={hintId} hidden>
        {text.listHint}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: the rows in view are placed by their height, as no table can */}
      <div
        role="grid"
        aria-label={text.list}
        aria-describedby={hintId}
        aria-rowcount={(totalCount ?? sessions.length) + 1}
        ref={viewport}
        className="session-viewport"
        onKeyDown={onKeyDown}
        tabIndex={-1}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: nothing can be done to the header */}
        <div role="row" aria-rowindex={1} className="session-columns session-header">
          {[
            columns.session,
            columns.phase,
            columns.runner,
            columns.creator,
            columns.activity,
            columns.age,
          ].map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <span key={column} role="columnheader">
              {column}
            </span>
          ))}
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
          <span role="columnheader">
            <span className="visually-hidden">{columns.actions}</span>
          </span>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="rowgroup" className="session-rows" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ key, index, start }) => {
            const session = sessions[index];
            return (
              session && (
                <SessionRow
                  key={key}
                  ref={virtualizer.measureElement}
                  session={session}
                  index={index}
                  top={start}
                  isTabStop={index === activeIndex}
                  runnerType={runnerTypeOf(session.runnerType)}
                  onFocus={setActiveId}
                />
              )
            );
          })}
        </div>
      </div>
      {isLoadingMore && (
        <div className="session-more">
          <Spinner isSmall label={text.loadingMore} />
        </div>
      )}
    </div>
  );
}

/** The index that a key leads to; undefined for other keys. */
function indexAfter(key: string, index: number, count: number, page: number): number | undefined {
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'PageDown':
      return Math.min(last, index + page);
    case 'PageUp':
      return Math.max(0, index - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** The number of rows that fit into the viewport. */
function pageOf(viewport: HTMLElement | null): number {
  return Math.max(1, Math.floor((viewport?.clientHeight ?? 0) / ROW_PX) - 1);
}

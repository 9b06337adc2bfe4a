import { useVirtualizer } from '@tanstack/react-virtual';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { logs as text } from '../../text/logs.ts';
import type { LogBuffer } from './log-buffer.ts';
import { LogLine } from './log-line.tsx';

const LINE_PX = 20;
/** This near to the end, new lines are followed. */
const END_PX = 30;

export interface LogViewHandle {
  toEnd(): void;
  /** Shows the entry with this id. */
  show(id: number): void;
}

interface LogViewProps {
  ref: Ref<LogViewHandle>;
  buffer: LogBuffer;
  query: string;
  /** The id of the match that was gone to. */
  current: number | undefined;
  wraps: boolean;
  showsTimes: boolean;
  onFollowing(isFollowing: boolean): void;
}

/** The lines of a log, of which only those in view are in the document. At the end it stays at the end. */
export function LogView({ ref, buffer, query, current, wraps, showsTimes, onFollowing }: LogViewProps) {
  const viewport = useRef<HTMLElement>(null);
  const { entries } = buffer;
  const first = entries[0]?.id ?? 0;
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => viewport.current,
    getItemKey: (index) => first + index,
    estimateSize: () => LINE_PX,
    overscan: 20,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END_PX,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines have another height then
  useEffect(() => virtualizer.measure(), [virtualizer, wraps, showsTimes]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another log begins at its end
  useEffect(() => virtualizer.scrollToEnd(), [virtualizer, buffer]);
  useImperativeHandle(ref, () => ({
    toEnd: () => virtualizer.scrollToEnd(),
    show: (id) => virtualizer.scrollToIndex(id - (buffer.entries[0]?.id ?? 0), { align: 'center' }),
  }));
  return (
    <section
      ref={viewport}
      className="log-viewport"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={text.label}
      data-wraps={wraps || undefined}
      onScroll={() => onFollowing(virtualizer.isAtEnd(END_PX))}
    >
      <div className="log-lines" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const entry = entries[index];
          return (
            entry && (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                style={{ transform: `translateY(${start}px)` }}
              >
                <LogLine
                  entry={entry}
                  query={query}
                  isCurrent={entry.id === current}
                  showsTime={showsTimes}
                />
              </div>
            )
          );
        })}
      </div>
    </section>
  );
}

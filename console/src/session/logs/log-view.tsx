import { useVirtualizer } from '@tanstack/react-virtual';
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { logs as text } from '../../text/logs.ts';
import type { LogBuffer } from './log-buffer.ts';
import { LogLine } from './log-line.tsx';

const LINE_PX = 20;
const PADDING_PX = 8;
/** This near to the end, new lines are followed. */
const END_PX = 30;

export interface LogViewHandle {
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
  /** Whether it stays at the end. */
  isFollowing: boolean;
  onFollowing(isFollowing: boolean): void;
}

/** The lines of a log, of which only those in view are in the document. */
export function LogView(props: LogViewProps) {
  const { ref, buffer, query, current, wraps, showsTimes, isFollowing, onFollowing } = props;
  const viewport = useRef<HTMLElement>(null);
  const { entries } = buffer;
  const first = entries[0]?.id ?? 0;
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => viewport.current,
    getItemKey: (index) => first + index,
    estimateSize: () => LINE_PX,
    overscan: 20,
    paddingStart: PADDING_PX,
    paddingEnd: PADDING_PX,
    anchorTo: 'end',
    scrollEndThreshold: END_PX,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines have another height then
  useEffect(() => virtualizer.measure(), [virtualizer, wraps, showsTimes]);
  const last = entries.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them changes where the end is
  useLayoutEffect(() => {
    if (isFollowing) virtualizer.scrollToEnd();
  }, [virtualizer, isFollowing, buffer, last, wraps, showsTimes]);
  useImperativeHandle(ref, () => ({
    show(id) {
      onFollowing(false);
      virtualizer.scrollToIndex(id - (buffer.entries[0]?.id ?? 0), { align: 'center' });
    },
  }));
  const scrolled = useRef({ scrollTop: 0, scrollHeight: 0 });
  return (
    <section
      ref={viewport}
      className="log-viewport"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={text.label}
      data-wraps={wraps || undefined}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        const before = scrolled.current;
        scrolled.current = { scrollTop, scrollHeight };
        if (scrollHeight - scrollTop - clientHeight <= END_PX) onFollowing(true);
        // Where lines were dropped, what is shown moves up by itself.
        else if (scrollTop < before.scrollTop && scrollHeight >= before.scrollHeight) onFollowing(false);
      }}
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

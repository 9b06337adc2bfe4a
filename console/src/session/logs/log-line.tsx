import type { CSSProperties } from 'react';
import { exactTime, preciseTime } from '../../components/relative-time.ts';
import { type Span, spansOf, type TextStyle } from './ansi.ts';
import type { LogEntry } from './log-buffer.ts';

interface LogLineProps {
  entry: LogEntry;
  /** In lower case; empty if nothing is searched. */
  query: string;
  isCurrent: boolean;
  showsTime: boolean;
}

export function LogLine({ entry, query, isCurrent, showsTime }: LogLineProps) {
  const { text, timestamp, isNote } = entry;
  if (isNote) return <em className="log-note">{text}</em>;
  return (
    <div className="log-line" data-current={isCurrent || undefined}>
      {showsTime && timestamp && (
        <time dateTime={timestamp} title={exactTime(timestamp)}>
          {preciseTime(timestamp)}
        </time>
      )}
      <span>
        {marked(spansOf(text), query).map(({ span, isMatch }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have no other name
          <StyledText key={index} {...span} isMatch={isMatch} />
        ))}
      </span>
    </div>
  );
}

function StyledText({ text, style, isMatch }: Span & { isMatch: boolean }) {
  if (isMatch) return <mark>{text}</mark>;
  const { className, variables } = cssOf(style);
  if (!className) return text;
  return (
    <span className={className} style={variables}>
      {text}
    </span>
  );
}

function cssOf(style: TextStyle): { className: string; variables: CSSProperties } {
  const { isInverse } = style;
  const color = isInverse ? style.background : style.color;
  const background = isInverse ? (style.color ?? 'currentcolor') : style.background;
  const classes = [
    color && 'ansi-color',
    background && 'ansi-background',
    style.isBold && 'ansi-bold',
    style.isDim && 'ansi-dim',
    style.isItalic && 'ansi-italic',
    style.isUnderlined && 'ansi-underlined',
    style.isStruck && 'ansi-struck',
  ];
  const variables = { '--ansi-color': color, '--ansi-background': background } as CSSProperties;
  return { className: classes.filter(Boolean).join(' '), variables };
}

interface Part {
  span: Span;
  isMatch: boolean;
}

/** The spans, divided where matches begin and end. */
function marked(spans: Span[], query: string): Part[] {
  if (query === '') return spans.map((span) => ({ span, isMatch: false }));
  const ends = matchesIn(spans.map(({ text }) => text).join(''), query);
  let start = 0;
  return spans.flatMap((span) => {
    const parts: Part[] = [];
    const end = start + span.text.length;
    const cuts = [start, ...ends.flat().filter((at) => at > start && at < end), end];
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const isMatch = ends.some(([first, last]) => first <= from && from < last);
      parts.push({
        span: { ...span, text: span.text.slice(from - start, (cuts[index + 1] ?? end) - start) },
        isMatch,
      });
    }
    start = end;
    return parts;
  });
}

/** Of a line that is all matches, the first ones are marked. */
const MAX_MARKS = 500;

function matchesIn(text: string, query: string): [start: number, end: number][] {
  const found: [number, number][] = [];
  const lower = text.toLowerCase();
  for (
    let at = lower.indexOf(query);
    at >= 0 && found.length < MAX_MARKS;
    at = lower.indexOf(query, at + query.length)
  ) {
    found.push([at, at + query.length]);
  }
  return found;
}

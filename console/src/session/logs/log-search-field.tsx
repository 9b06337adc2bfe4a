import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { logs as text } from '../../text/logs.ts';

interface LogSearchFieldProps {
  query: string;
  /** The ids of the lines that match, in order. */
  matches: readonly number[];
  /** The one that was gone to. */
  current: number | undefined;
  onQuery(query: string): void;
  onCurrent(id: number): void;
}

/** Enter goes to the next match, and Shift with Enter to the one before. */
export function LogSearchField({ query, matches, current, onQuery, onCurrent }: LogSearchFieldProps) {
  const index = current === undefined ? -1 : matches.indexOf(current);
  const go = (step: 1 | -1) => {
    // Before any was gone to, the newest is the one before the first.
    const next =
      index < 0 && step < 0 ? matches.length - 1 : (index + step + matches.length) % matches.length;
    const id = matches[next];
    if (id !== undefined) onCurrent(id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field in it
    <div
      className="log-search"
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) go(event.shiftKey ? -1 : 1);
      }}
    >
      <SearchField label={text.search} value={query} onChange={onQuery} />
      {query !== '' && (
        <>
          <Button aria-label={text.previousMatch} isDisabled={matches.length === 0} onPress={() => go(-1)}>
            <Icon name="up" />
          </Button>
          <Button aria-label={text.nextMatch} isDisabled={matches.length === 0} onPress={() => go(1)}>
            <Icon name="down" />
          </Button>
          <span role="status" className="muted">
            {text.matches(index + 1, matches.length)}
          </span>
        </>
      )}
    </div>
  );
}

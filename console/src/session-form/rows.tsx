import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../components/button.tsx';
import { sessionForm as text } from '../text/session-form.ts';

interface RowsProps<T extends { rowId: number }> {
  title: string;
  /** What a row is, by its number. */
  titleOf(number: number): string;
  addLabel: string;
  /** What the server says of all of them. */
  error: string | undefined;
  rows: readonly T[];
  newRow(): T;
  onChange(rows: T[]): void;
  children(row: T, index: number, change: (change: Partial<T>) => void): ReactNode;
}

/** Fields that there can be several of. A new row has the focus. */
export function Rows<T extends { rowId: number }>(props: RowsProps<T>) {
  const { title, titleOf, addLabel, error, rows, newRow, onChange, children } = props;
  const list = useRef<HTMLFieldSetElement>(null);
  const isAdded = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after a row was added
  useEffect(() => {
    if (!isAdded.current) return;
    isAdded.current = false;
    list.current?.querySelector<HTMLElement>('.form-row:last-of-type input')?.focus();
  }, [rows.length]);
  return (
    <fieldset ref={list} className="form-rows">
      <legend>{title}</legend>
      {rows.map((row, index) => (
        // biome-ignore lint/a11y/useSemanticElements: a set within the set
        <div key={row.rowId} role="group" aria-label={titleOf(index + 1)} className="form-row">
          {children(row, index, (change) => onChange(rows.with(index, { ...row, ...change })))}
          <Button
            variant="quiet"
            aria-label={text.removeOf(titleOf(index + 1))}
            onPress={() => onChange(rows.toSpliced(index, 1))}
          >
            {text.remove}
          </Button>
        </div>
      ))}
      {error !== undefined && <p className="field-error">{error}</p>}
      <Button
        onPress={() => {
          isAdded.current = true;
          onChange([...rows, newRow()]);
        }}
      >
        {addLabel}
      </Button>
    </fieldset>
  );
}

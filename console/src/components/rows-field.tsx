import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Group } from 'react-aria-components';
import { common } from '../text/common.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import './rows-field.css';

interface RowsFieldProps<Item> {
  label: string;
  hint?: string;
  items: readonly Item[];
  onChange(items: Item[]): void;
  /** The name of a row for screen readers, from 1. */
  rowLabel(number: number): string;
  addLabel: string;
  removeLabel(number: number): string;
  empty: Item;
  error?: string | undefined;
  isDisabled?: boolean;
  /** Other ways to add a row, beside the button. */
  more?: ReactNode;
  children(item: Item, update: (changes: Partial<Item>) => void, index: number): ReactNode;
}

/** Rows of a form that can be added and removed. A new row has the focus. */
export function RowsField<Item>(props: RowsFieldProps<Item>) {
  const { label, hint, items, onChange, rowLabel, addLabel, removeLabel, error, isDisabled = false } = props;
  const keys = useRowKeys(items.length);
  const add = useRef<HTMLButtonElement>(null);
  const rows = useRef<HTMLFieldSetElement>(null);
  const isAdded = useRef(false);
  const hintId = useId();
  const errorId = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: after a row was added
  useEffect(() => {
    if (!isAdded.current) return;
    isAdded.current = false;
    const last = [...(rows.current?.querySelectorAll('.rows-field-row') ?? [])].at(-1);
    last?.querySelector('input')?.focus();
  }, [items.length]);
  return (
    <fieldset
      ref={rows}
      className="rows-field"
      data-invalid={error !== undefined || undefined}
      aria-describedby={`${hintId} ${errorId}`}
    >
      <legend>{label}</legend>
      {hint !== undefined && (
        <p id={hintId} className="field-hint">
          {hint}
        </p>
      )}
      {items.map((item, index) => (
        <Group key={keys.at(index)} aria-label={rowLabel(index + 1)} className="rows-field-row">
          {props.children(item, (changes) => onChange(items.with(index, { ...item, ...changes })), index)}
          {!isDisabled && (
            <Button
              variant="quiet"
              aria-label={removeLabel(index + 1)}
              onPress={() => {
                keys.remove(index);
                onChange(items.toSpliced(index, 1));
                add.current?.focus();
              }}
            >
              <Icon name="cross" />
            </Button>
          )}
        </Group>
      ))}
      {isDisabled && items.length === 0 && <p>{common.none}</p>}
      {error !== undefined && (
        <p id={errorId} className="field-error">
          {error}
        </p>
      )}
      {!isDisabled && (
        <div className="rows-field-actions">
          <Button
            ref={add}
            onPress={() => {
              isAdded.current = true;
              onChange([...items, props.empty]);
            }}
          >
            {addLabel}
          </Button>
          {props.more}
        </div>
      )}
    </fieldset>
  );
}

/** Keeps what a field knows, such as the cursor, with its row when one before it is removed. */
function useRowKeys(count: number) {
  const [keys, setKeys] = useState<number[]>([]);
  const next = useRef(0);
  const complete = [...keys];
  while (complete.length < count) complete.push(next.current++);
  if (complete.length !== keys.length) setKeys(complete);
  return {
    at: (index: number) => complete[index],
    remove: (index: number) => setKeys(complete.toSpliced(index, 1)),
  };
}

import { useEffect, useRef, useState } from 'react';
import { hasCode } from '../apollo/errors.ts';
import type { FormErrors } from '../apollo/form-errors.ts';
import { conflict as text } from '../text/conflict.ts';
import { Button } from './button.tsx';
import './error-notice.css';
import { RestNotice } from './mutation-form.tsx';

/** A field of what is stored, as the form has it. */
export interface ComparedField {
  label: string;
  /** What is compared. */
  value: unknown;
  /** What is shown of it; absent for a text or a number that is shown as it is. */
  text?: string;
}

interface ConflictNoticeProps<Stored> {
  /** The attempt to store a form. */
  of: { error: unknown; errors: FormErrors };
  /** What the form began with; null for what is new. */
  base: Stored | null;
  read(): Promise<Stored | null | undefined>;
  fieldsOf(stored: Stored): ComparedField[];
  onOverwrite(current: Stored): void;
  onDiscard(current: Stored): void;
}

/** What a form shows of an error. After a CONFLICT: what somebody else has changed meanwhile, and how to go on. */
export function ConflictNotice<Stored>(props: ConflictNoticeProps<Stored>) {
  const { of, base, fieldsOf, onOverwrite, onDiscard } = props;
  const isConflict = base !== null && hasCode(of.error, 'CONFLICT');
  const current = useCurrent(isConflict ? of.error : undefined, props.read);
  if (!isConflict || current === null) return <RestNotice errors={of.errors} />;
  if (current === undefined) return null;
  const changes = changesBetween(fieldsOf(base), fieldsOf(current));
  return (
    <div role="alert" className="error-notice">
      <div>
        <strong>{changes.length > 0 ? text.changed : text.onlyVersion}</strong>
        <ul>
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      </div>
      <div className="toolbar">
        <Button onPress={() => onOverwrite(current)}>{text.overwrite}</Button>
        <Button variant="quiet" onPress={() => onDiscard(current)}>
          {text.discard}
        </Button>
      </div>
    </div>
  );
}

/** What is stored after this conflict: undefined until it was read, and null if it cannot be. */
function useCurrent<Stored>(
  conflict: unknown,
  read: () => Promise<Stored | null | undefined>,
): Stored | null | undefined {
  const [current, setCurrent] = useState<Stored | null>();
  const latestRead = useRef(read);
  latestRead.current = read;
  useEffect(() => {
    if (conflict === undefined) return;
    let isLatest = true;
    const keep = (found: Stored | null | undefined) => isLatest && setCurrent(() => found ?? null);
    latestRead.current().then(keep, () => keep(null));
    return () => {
      isLatest = false;
      setCurrent(undefined);
    };
  }, [conflict]);
  return current;
}

function changesBetween(before: readonly ComparedField[], after: readonly ComparedField[]): string[] {
  return before.flatMap((old, index) => {
    const next = after[index];
    if (!next || JSON.stringify(old.value) === JSON.stringify(next.value)) return [];
    const [from, to] = [shown(old), shown(next)];
    return from === to ? text.changedField(old.label) : text.change(old.label, from, to);
  });
}

function shown({ value, text: given = String(value ?? '') }: ComparedField): string {
  return given === '' ? text.nothing : given;
}

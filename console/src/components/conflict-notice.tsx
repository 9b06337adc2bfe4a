import { useEffect, useRef, useState } from 'react';
import { hasCode } from '../apollo/errors.ts';
import { conflict as text } from '../text/conflict.ts';
import { Button } from './button.tsx';
import './error-notice.css';

interface ConflictNoticeProps<Stored extends object> {
  /** What the attempt to store a form has failed with. */
  error: unknown;
  /** What the form began with. */
  base: Stored;
  read(): Promise<Stored | null | undefined>;
  /** The fields to compare, each with its name for people. */
  labels: Readonly<Partial<Record<keyof Stored & string, string>>>;
  onOverwrite(current: Stored): void;
  onDiscard(current: Stored): void;
}

/** After a CONFLICT: what somebody else has changed meanwhile, and how to go on. */
export function ConflictNotice<Stored extends object>(props: ConflictNoticeProps<Stored>) {
  const { error, base, labels, onOverwrite, onDiscard } = props;
  const [current, setCurrent] = useState<Stored>();
  const read = useRef(props.read);
  read.current = props.read;
  const isConflict = hasCode(error, 'CONFLICT');
  useEffect(() => {
    if (!isConflict) return;
    let isLatest = true;
    const show = (found: Stored | null | undefined) => isLatest && setCurrent(found ?? undefined);
    // If it cannot be read, the error is shown without a comparison.
    read.current().then(show, () => show(undefined));
    return () => {
      isLatest = false;
    };
  }, [isConflict]);
  if (!isConflict || current === undefined) return null;
  const changes = (Object.entries(labels) as [keyof Stored & string, string][]).filter(
    ([field]) => JSON.stringify(base[field]) !== JSON.stringify(current[field]),
  );
  return (
    <div role="alert" className="error-notice">
      <div>
        <strong>{changes.length > 0 ? text.changed : text.onlyVersion}</strong>
        <ul>
          {changes.map(([field, label]) => (
            <li key={field}>{text.change(label, shown(base[field]), shown(current[field]))}</li>
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

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return text.nothing;
  if (typeof value !== 'object') return String(value);
  // Others may look over the shoulder of who reads this.
  const names = (key: string, part: unknown) =>
    key === '__typename' || key === 'environmentVariables' ? undefined : part;
  return JSON.stringify(value, names);
}

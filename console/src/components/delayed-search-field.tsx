import { useEffect, useEffectEvent, useState } from 'react';
import { SearchField } from './search-field.tsx';

const TYPING_MS = 250;

interface DelayedSearchFieldProps {
  label: string;
  value: string;
  /** Called when the typing pauses. */
  onChange(value: string): void;
}

/** A search that is a request: there is one for each pause, and not for each key. */
export function DelayedSearchField({ label, value, onChange }: DelayedSearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  // It was changed elsewhere: by a button that clears it, or by the history.
  if (shown !== value) {
    setShown(value);
    setTyped(value);
  }
  const change = useEffectEvent(onChange);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => change(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return <SearchField label={label} value={typed} onChange={setTyped} />;
}

import { useState } from 'react';

interface Versioned {
  resourceVersion: string;
}

export interface Draft<Stored, Values> {
  /** What the form began with. */
  base: Stored;
  values: Values;
  isChanged: boolean;
  update(changes: Partial<Values>): void;
  /** Begins anew with what was stored. */
  reset(stored: Stored): void;
}

/** What a person has typed. It follows what is stored as long as nothing was typed. */
export function useDraft<Stored extends Versioned | null, Values extends object>(
  stored: Stored,
  valuesOf: (stored: Stored) => Values,
): Draft<Stored, Values> {
  const [base, setBase] = useState(stored);
  const [values, setValues] = useState(() => valuesOf(stored));
  const isChanged = JSON.stringify(values) !== JSON.stringify(valuesOf(base));
  const reset = (next: Stored) => {
    setBase(next);
    setValues(valuesOf(next));
  };
  if (!isChanged && stored?.resourceVersion !== base?.resourceVersion) reset(stored);
  return {
    base,
    values,
    isChanged,
    update: (changes) => setValues((current) => ({ ...current, ...changes })),
    reset,
  };
}

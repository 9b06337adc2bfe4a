import { useState } from 'react';

interface Versioned {
  resourceVersion: string;
}

export interface Draft<Stored, Values> {
  /** What the form began with. */
  base: Stored;
  values: Values;
  /** Those of the values that differ from what the form began with. */
  changes: Partial<Values>;
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
  const changes = changesOf(valuesOf(base), values);
  const isChanged = Object.keys(changes).length > 0;
  const reset = (next: Stored) => {
    setBase(next);
    setValues(valuesOf(next));
  };
  if (!isChanged && stored?.resourceVersion !== base?.resourceVersion) reset(stored);
  return {
    base,
    values,
    changes,
    isChanged,
    update: (updates) => setValues((current) => ({ ...current, ...updates })),
    reset,
  };
}

/** Those of the values that differ from what was before. */
export function changesOf<Values extends object>(before: Values, after: Values): Partial<Values> {
  const changed = (Object.keys(after) as (keyof Values)[]).filter(
    (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
  );
  return Object.fromEntries(changed.map((key) => [key, after[key]])) as Partial<Values>;
}

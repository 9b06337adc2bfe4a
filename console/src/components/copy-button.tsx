import { useEffect, useState } from 'react';
import { common } from '../text/common.ts';
import { Button } from './button.tsx';

/** Says whether the text was copied. */
export function CopyButton({ text, label = common.copy }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState<string>();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  // Browsers have it over HTTPS and on localhost. Elsewhere the text can be selected.
  if (!navigator.clipboard) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome(common.copied),
      () => setOutcome(common.notCopied),
    );
  return (
    <Button variant="quiet" onPress={copy}>
      <span aria-live="polite">{outcome ?? label}</span>
    </Button>
  );
}

import { useEffect, useState } from 'react';
import { common } from '../text/common.ts';
import { Button } from './button.tsx';

/** Says so when the text was copied. */
export function CopyButton({ text, label = common.copy }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  // Browsers have it over HTTPS and on localhost. Elsewhere the text can be selected.
  if (!navigator.clipboard) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <Button variant="quiet" onPress={copy}>
      <span aria-live="polite">{isCopied ? common.copied : label}</span>
    </Button>
  );
}

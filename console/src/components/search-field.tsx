import { SearchField as AriaSearchField, Button, Input } from 'react-aria-components';
import { common } from '../text/common.ts';
import './search-field.css';

interface SearchFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
}

/** Escape clears it. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <AriaSearchField className="search-field" aria-label={label} value={value} onChange={onChange}>
      <svg viewBox="0 0 16 16" aria-hidden="true" className="icon">
        <circle cx="7" cy="7" r="4.5" />
        <path d="M10.5 10.5L14 14" />
      </svg>
      <Input placeholder={label} />
      <Button aria-label={common.clear}>
        <svg viewBox="0 0 16 16" aria-hidden="true" className="icon">
          <path d="M4 4l8 8m0-8l-8 8" />
        </svg>
      </Button>
    </AriaSearchField>
  );
}

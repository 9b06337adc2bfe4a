import { SearchField as AriaSearchField, Button, Input } from 'react-aria-components';
import { common } from '../text/common.ts';
import { Icon } from './icon.tsx';
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
      <Icon name="search" />
      <Input placeholder={label} />
      <Button aria-label={common.clear}>
        <Icon name="cross" />
      </Button>
    </AriaSearchField>
  );
}

import { Checkbox as AriaCheckbox } from 'react-aria-components';
import './checkbox.css';

interface CheckboxProps {
  label: string;
  hint?: string;
  isSelected: boolean;
  onChange(isSelected: boolean): void;
}

export function Checkbox({ label, hint, isSelected, onChange }: CheckboxProps) {
  return (
    <AriaCheckbox className="checkbox" isSelected={isSelected} onChange={onChange}>
      <svg viewBox="0 0 16 16" aria-hidden="true" className="icon">
        <path d="M3.5 8.5l3 3 6-7" />
      </svg>
      <span>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </span>
    </AriaCheckbox>
  );
}

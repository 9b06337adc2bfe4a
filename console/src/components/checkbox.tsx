import { Checkbox as AriaCheckbox } from 'react-aria-components';
import './checkbox.css';

interface CheckboxProps {
  label: string;
  isSelected: boolean;
  onChange(isSelected: boolean): void;
  isDisabled?: boolean;
}

export function Checkbox({ label, ...props }: CheckboxProps) {
  return (
    <AriaCheckbox {...props} className="checkbox">
      <svg viewBox="0 0 16 16" aria-hidden="true" className="icon">
        <path d="M3 8.5l3.2 3L13 4.5" />
      </svg>
      {label}
    </AriaCheckbox>
  );
}

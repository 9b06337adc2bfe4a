import { Checkbox as AriaCheckbox } from 'react-aria-components';
import { Icon } from './icon.tsx';
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
      <Icon name="check" />
      <span>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </span>
    </AriaCheckbox>
  );
}

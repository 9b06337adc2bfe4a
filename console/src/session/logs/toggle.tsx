import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';

interface ToggleProps {
  isSelected: boolean;
  onChange(isSelected: boolean): void;
  children: ReactNode;
}

export function Toggle(props: ToggleProps) {
  return <ToggleButton {...props} className="button toggle" data-variant="secondary" />;
}

import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Spinner } from './spinner.tsx';
import './button.css';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  children: React.ReactNode;
  ref?: React.Ref<HTMLButtonElement>;
}

/** While `isPending` it keeps the focus and cannot be pressed. */
export function Button({ variant = 'secondary', children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className="button" data-variant={variant}>
      {props.isPending && <Spinner isSmall />}
      {children}
    </AriaButton>
  );
}

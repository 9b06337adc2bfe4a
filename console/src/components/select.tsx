import {
  Select as AriaSelect,
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from 'react-aria-components';
import { Icon } from './icon.tsx';
import './field.css';
import './menu.css';
import './select.css';

interface Option<Id extends string> {
  id: Id;
  label: string;
  description?: string;
}

interface SelectProps<Id extends string> {
  label: string;
  options: readonly Option<Id>[];
  value: Id | null;
  onChange(value: Id): void;
  hint?: string;
  error?: string | undefined;
  /** The label is for screen readers alone. */
  hidesLabel?: boolean;
  isRequired?: boolean;
  isDisabled?: boolean;
}

/** One of a few options. */
export function Select<Id extends string>(props: SelectProps<Id>) {
  const { label, options, value, onChange, hint, error, hidesLabel = false, isRequired, isDisabled } = props;
  return (
    <AriaSelect
      className="field select"
      {...(hidesLabel && { 'aria-label': label })}
      value={value}
      onChange={(key) => key !== null && onChange(key as Id)}
      isInvalid={error !== undefined}
      validationBehavior={error === undefined ? 'native' : 'aria'}
      isRequired={isRequired ?? false}
      isDisabled={isDisabled ?? false}
    >
      {!hidesLabel && <Label>{label}</Label>}
      <Button className="button" data-variant="secondary">
        <SelectValue>{({ selectedText }) => selectedText}</SelectValue>
        <Icon name="down" />
      </Button>
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
      <Popover className="popover">
        <ListBox className="list-box">
          {options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} textValue={option.label} className="menu-item">
              <Text slot="label">{option.label}</Text>
              {option.description !== undefined && <Text slot="description">{option.description}</Text>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

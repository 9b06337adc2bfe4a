import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { Chevron } from './chevron.tsx';
import './menu.css';

interface MenuAction {
  id: string;
  label: string;
  description?: string;
  isDisabled?: boolean;
  isDangerous?: boolean;
  onAction(): void;
}

interface MenuProps {
  /** What it is, for screen readers. */
  label: string;
  /** The text of its button. */
  trigger: string;
  items: readonly MenuAction[];
  /** The id of the item that is chosen, if one is. */
  selected?: string;
}

export function Menu({ label, trigger, items, selected }: MenuProps) {
  const disabled = items.filter(({ isDisabled }) => isDisabled).map(({ id }) => id);
  return (
    <MenuTrigger>
      <Button className="button" data-variant="secondary" aria-label={`${label}: ${trigger}`}>
        {trigger}
        <Chevron />
      </Button>
      <Popover className="popover">
        <AriaMenu
          aria-label={label}
          className="menu"
          disabledKeys={disabled}
          {...(selected !== undefined && {
            selectionMode: 'single',
            selectedKeys: [selected],
            disallowEmptySelection: true,
          })}
        >
          {items.map(({ id, label: itemLabel, description, isDangerous, onAction }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={itemLabel}
              onAction={onAction}
              className="menu-item"
              data-danger={isDangerous || undefined}
            >
              <Text slot="label">{itemLabel}</Text>
              {description !== undefined && <Text slot="description">{description}</Text>}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

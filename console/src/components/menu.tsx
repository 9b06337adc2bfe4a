import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { Icon } from './icon.tsx';
import './menu.css';

export interface MenuAction {
  id: string;
  label: string;
  description?: string;
  isDisabled?: boolean;
  isDangerous?: boolean;
  /** It looks disabled, but can be chosen: it then says why it cannot be done. */
  isMuted?: boolean;
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
  /** Its button shows three dots. */
  isCompact?: boolean;
  /** False where the arrow keys of a list lead to it. */
  isTabStop?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}

export function Menu({
  label,
  trigger,
  items,
  selected,
  isCompact = false,
  isTabStop = true,
  onOpenChange,
}: MenuProps) {
  const disabled = items.filter(({ isDisabled }) => isDisabled).map(({ id }) => id);
  return (
    <MenuTrigger {...(onOpenChange && { onOpenChange })}>
      <Button
        className="button"
        data-variant={isCompact ? 'quiet' : 'secondary'}
        aria-label={isCompact ? label : `${label}: ${trigger}`}
        excludeFromTabOrder={!isTabStop}
      >
        {isCompact ? (
          <Icon name="dots" />
        ) : (
          <>
            {trigger}
            <Icon name="down" />
          </>
        )}
      </Button>
      <Popover className="popover" placement={isCompact ? 'bottom end' : 'bottom start'}>
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
          {items.map(({ id, label: itemLabel, description, isDangerous, isMuted, onAction }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={itemLabel}
              onAction={onAction}
              className="menu-item"
              data-danger={isDangerous || undefined}
              data-muted={isMuted || undefined}
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

import { type ReactNode, useId } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';
import { common } from '../text/common.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import './dialog.css';

interface DialogProps {
  title: string;
  isOpen: boolean;
  /** After Escape, a press outside of it, or its button. */
  onClose?(): void;
  /** It cannot be closed without an answer. */
  isRequired?: boolean;
  /** At the side, as high as the window. */
  isDrawer?: boolean;
  children: ReactNode;
}

/** A modal dialog. It keeps the focus, and gives it back to where it was. */
export function Dialog({
  title,
  isOpen,
  onClose,
  isRequired = false,
  isDrawer = false,
  children,
}: DialogProps) {
  const titleId = useId();
  return (
    <ModalOverlay
      className="dialog-overlay"
      isOpen={isOpen}
      isDismissable={!isRequired}
      isKeyboardDismissDisabled={isRequired}
      onOpenChange={(open) => !open && onClose?.()}
    >
      <Modal className="dialog" data-drawer={isDrawer || undefined}>
        <AriaDialog aria-labelledby={titleId}>
          <header>
            <h2 id={titleId}>{title}</h2>
            {!isRequired && (
              <Button variant="quiet" aria-label={common.close} onPress={() => onClose?.()}>
                <Icon name="cross" />
              </Button>
            )}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

import { type ReactNode, useId, useState } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';
import { common } from '../text/common.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import './dialog.css';
import { DialogInput } from './dialog-input.ts';

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

/**
 * A modal dialog. It keeps the focus, and gives it back to where it was. Escape and a press outside of it can be a mistake: it asks
 * before something is lost that was typed or chosen.
 */
export function Dialog({
  title,
  isOpen,
  onClose,
  isRequired = false,
  isDrawer = false,
  children,
}: DialogProps) {
  const titleId = useId();
  const [hasInput, setHasInput] = useState(false);
  const [isAsking, setAsking] = useState(false);
  if (isAsking && !isOpen) setAsking(false);
  return (
    <ModalOverlay
      className="dialog-overlay"
      isOpen={isOpen}
      isDismissable={!isRequired}
      isKeyboardDismissDisabled={isRequired}
      onOpenChange={() => (hasInput ? setAsking(true) : onClose?.())}
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
          <DialogInput value={setHasInput}>{children}</DialogInput>
          {isAsking && <DiscardDialog onKeep={() => setAsking(false)} onDiscard={() => onClose?.()} />}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

const text = common.discardInput;

function DiscardDialog({ onKeep, onDiscard }: { onKeep(): void; onDiscard(): void }) {
  const titleId = useId();
  return (
    <ModalOverlay className="dialog-overlay" isOpen onOpenChange={onKeep}>
      <Modal className="dialog">
        <AriaDialog role="alertdialog" aria-labelledby={titleId}>
          <h2 id={titleId}>{text.title}</h2>
          <div className="dialog-actions">
            <Button autoFocus onPress={onKeep}>
              {text.keep}
            </Button>
            <Button variant="danger" onPress={onDiscard}>
              {text.discard}
            </Button>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

import { type ReactNode, useState } from 'react';
import { Form } from 'react-aria-components';
import { Dialog } from './dialog.tsx';
import { DialogActions } from './dialog-actions.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { Field } from './field.tsx';

interface ConfirmDialogProps {
  title: string;
  confirm: string;
  isPending?: boolean;
  /** What the last attempt has failed with. */
  error?: unknown;
  /** What has to be typed first. */
  typed?: { label: string; value: string };
  onConfirm(): void;
  onClose(): void;
  /** What will be lost. */
  children: ReactNode;
}

/** Asks before something is done that cannot be undone. */
export function ConfirmDialog({ title, onClose, ...props }: ConfirmDialogProps) {
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <ConfirmForm onClose={onClose} {...props} />
    </Dialog>
  );
}

function ConfirmForm(props: Omit<ConfirmDialogProps, 'title'>) {
  const { confirm, isPending = false, error, typed, onConfirm, onClose, children } = props;
  const [text, setText] = useState('');
  const isReady = typed === undefined || text === typed.value;
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isPending) onConfirm();
      }}
    >
      {children}
      {typed && (
        <Field label={typed.label} value={text} onChange={setText} autoComplete="off" isRequired autoFocus />
      )}
      <ErrorNotice error={error} />
      <DialogActions
        submit={confirm}
        isDangerous
        isPending={isPending}
        isDisabled={!isReady}
        onCancel={onClose}
      />
    </Form>
  );
}

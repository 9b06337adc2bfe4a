import { common } from '../text/common.ts';
import { Button } from './button.tsx';

interface DialogActionsProps {
  submit: string;
  isDangerous?: boolean;
  isPending?: boolean;
  isDisabled?: boolean;
  onCancel(): void;
}

/** The buttons of a form in a dialog. */
export function DialogActions({ submit, isDangerous, isPending, isDisabled, onCancel }: DialogActionsProps) {
  return (
    <div className="dialog-actions">
      <Button onPress={onCancel}>{common.cancel}</Button>
      <Button
        type="submit"
        variant={isDangerous ? 'danger' : 'primary'}
        isPending={isPending ?? false}
        isDisabled={isDisabled ?? false}
      >
        {submit}
      </Button>
    </div>
  );
}

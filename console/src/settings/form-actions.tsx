import { Button } from '../components/button.tsx';
import { settings as text } from '../text/settings.ts';

interface FormActionsProps {
  isChanged: boolean;
  isPending: boolean;
  isSaved: boolean;
  onDiscard(): void;
}

/** The buttons of a form that stays open. */
export function FormActions({ isChanged, isPending, isSaved, onDiscard }: FormActionsProps) {
  return (
    <div className="toolbar">
      <Button type="submit" variant="primary" isPending={isPending} isDisabled={!isChanged}>
        {text.save}
      </Button>
      {isChanged && (
        <Button variant="quiet" onPress={onDiscard}>
          {text.discard}
        </Button>
      )}
      <span role="status">{isSaved && !isChanged && text.saved}</span>
    </div>
  );
}

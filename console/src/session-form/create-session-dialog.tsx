import { Dialog } from '../components/dialog.tsx';
import { sessionForm as text } from '../text/session-form.ts';
import { SessionForm } from './session-form.tsx';

interface Props {
  project: string;
  isOpen: boolean;
  onClose(): void;
}

/** After success the new session is shown. */
export function CreateSessionDialog({ project, isOpen, onClose }: Props) {
  return (
    <Dialog title={text.title} isOpen={isOpen} onClose={onClose} isDrawer>
      <SessionForm project={project} onClose={onClose} />
    </Dialog>
  );
}

import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import type { SessionAction } from '../generated/graphql.ts';
import { sessionActions } from '../text/session-actions.ts';
import type { Remedy } from './session-actions-context.ts';

const text = sessionActions.denied;

interface Props {
  action: SessionAction;
  remedy: Remedy;
  onClose(): void;
}

export function DeniedDialog({ action, remedy, onClose }: Props) {
  return (
    <Dialog title={text.titles[action]} isOpen onClose={onClose}>
      {remedy?.projectRole && <p>{text.role(remedy.projectRole)}</p>}
      {remedy && (
        <>
          <p>{remedy.description}</p>
          <details>
            <summary>{text.manifest}</summary>
            <pre>{remedy.manifest}</pre>
            <CopyButton text={remedy.manifest} />
          </details>
        </>
      )}
    </Dialog>
  );
}

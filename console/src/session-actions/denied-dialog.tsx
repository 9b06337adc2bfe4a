import { Manifest } from '../access/manifest.tsx';
import { Dialog } from '../components/dialog.tsx';
import type { SessionAction } from '../generated/graphql.ts';
import { access } from '../text/access.ts';
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
      {remedy?.projectRole && <p>{access.askFor(access.roles[remedy.projectRole])}</p>}
      {remedy && (
        <>
          <p>{remedy.description}</p>
          <details>
            <summary>{text.manifest}</summary>
            <Manifest manifest={remedy.manifest} />
          </details>
        </>
      )}
    </Dialog>
  );
}

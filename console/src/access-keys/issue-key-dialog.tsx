import { useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { accessKeys as text } from '../text/access-keys.ts';
import { IssueKeyForm } from './issue-key-form.tsx';
import { type IssuedKey, IssuedToken } from './issued-token.tsx';

/** The token is in the state of this dialog alone, and gone with it. */
export function IssueKeyDialog({ project, onClose }: { project: string; onClose(): void }) {
  const [issued, setIssued] = useState<IssuedKey>();
  const [isPending, setPending] = useState(false);
  return (
    <Dialog
      title={issued ? text.issued.title(issued.name) : text.form.title}
      isOpen
      isRequired={isPending || issued !== undefined}
      onClose={onClose}
    >
      {issued ? (
        <IssuedToken issued={issued} onClose={onClose} />
      ) : (
        <IssueKeyForm project={project} onPending={setPending} onIssued={setIssued} onClose={onClose} />
      )}
    </Dialog>
  );
}

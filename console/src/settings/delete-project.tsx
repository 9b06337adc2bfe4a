import { useState } from 'react';
import { useLocation } from 'wouter';
import { AccessNotice } from '../access/access-notice.tsx';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Section } from '../components/section.tsx';
import {
  DeleteProjectDocument,
  type ProjectAboutFragment,
  type ReviewFragment,
} from '../generated/graphql.ts';
import { settings } from '../text/settings.ts';

const text = settings.delete;

interface DeleteProjectProps {
  project: ProjectAboutFragment;
  review: ReviewFragment | null | undefined;
}

export function DeleteProject({ project: { name, projectPhase }, review }: DeleteProjectProps) {
  const [isOpen, setOpen] = useState(false);
  const [, navigate] = useLocation();
  const isMounted = useIsMounted();
  const close = () => setOpen(false);
  if (projectPhase === 'TERMINATING') return <p>{text.terminating}</p>;
  return (
    <Section title={text.title} hint={text.hint}>
      <AccessNotice denied={settings.mayNotDelete} review={review} />
      {review?.allowed && (
        <Button variant="danger" onPress={() => setOpen(true)}>
          {text.open}
        </Button>
      )}
      {isOpen && (
        <DeleteProjectDialog
          name={name}
          onDeleted={() => isMounted.current && navigate('/')}
          onClose={close}
        />
      )}
    </Section>
  );
}

interface DialogProps {
  name: string;
  /** Called even if the dialog was closed by then. */
  onDeleted(): void;
  onClose(): void;
}

function DeleteProjectDialog({ name, onDeleted, onClose }: DialogProps) {
  const { submit, isPending, error } = useFormMutation(DeleteProjectDocument);
  const remove = async () => {
    if (await submit({ name })) onDeleted();
  };
  return (
    <ConfirmDialog
      title={text.dialogTitle(name)}
      confirm={text.submit}
      isPending={isPending}
      error={error}
      typed={{ label: text.typed(name), value: name }}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{text.warning}</p>
    </ConfirmDialog>
  );
}

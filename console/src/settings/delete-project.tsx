import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { AccessNotice } from '../access/access-notice.tsx';
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
  const [remove, { loading, error }] = useMutation(DeleteProjectDocument, {
    variables: { name },
    onCompleted: (data) => data.deleteProject && isMounted.current && navigate('/'),
    // It is shown.
    onError: () => {},
  });
  if (projectPhase === 'TERMINATING') return <p>{text.terminating}</p>;
  return (
    <Section title={text.title} hint={text.hint}>
      <AccessNotice denied={settings.mayNotDelete} review={review} />
      {review?.allowed && (
        <Button variant="danger" onPress={() => setOpen(true)}>
          {text.open}
        </Button>
      )}
      <ConfirmDialog
        title={text.dialogTitle(name)}
        isOpen={isOpen}
        confirm={text.submit}
        isPending={loading}
        error={error}
        typed={{ label: text.typed(name), value: name }}
        onConfirm={() => void remove()}
        onClose={() => setOpen(false)}
      >
        <p>{text.warning}</p>
      </ConfirmDialog>
    </Section>
  );
}

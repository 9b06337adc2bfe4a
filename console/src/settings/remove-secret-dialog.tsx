import { useMutation } from '@apollo/client/react';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { RunnerSecretsDocument, UpdateRunnerSecretsDocument } from '../generated/graphql.ts';
import { settings } from '../text/settings.ts';

const text = settings.secrets.removeForm;

interface RemoveSecretDialogProps {
  project: string;
  removed: string;
  onClose(): void;
}

export function RemoveSecretDialog({ project, removed, onClose }: RemoveSecretDialogProps) {
  const isMounted = useIsMounted();
  const [mutate, { loading, error }] = useMutation(UpdateRunnerSecretsDocument, {
    fetchPolicy: 'no-cache',
    refetchQueries: [RunnerSecretsDocument],
    // Another dialog may be open by then.
    onCompleted: (answer) => answer.updateRunnerSecrets && isMounted.current && onClose(),
    // It is shown.
    onError: () => {},
  });
  return (
    <ConfirmDialog
      title={text.title(removed)}
      isOpen
      confirm={text.submit}
      isPending={loading}
      error={error}
      onConfirm={() => void mutate({ variables: { input: { project, remove: [removed] } } })}
      onClose={onClose}
    >
      <p>{text.hint}</p>
    </ConfirmDialog>
  );
}

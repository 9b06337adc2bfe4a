import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { RunnerSecretsDocument, UpdateRunnerSecretsDocument } from '../generated/graphql.ts';
import { settings } from '../text/settings.ts';

const text = settings.secrets.removeForm;

interface Props {
  project: string;
  name: string;
  onClose(): void;
}

export function RemoveSecretDialog({ project, name, onClose }: Props) {
  const { submit, isPending, error } = useFormMutation(UpdateRunnerSecretsDocument, {
    fetchPolicy: 'no-cache',
    refetchQueries: [RunnerSecretsDocument],
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={text.title(name)}
      confirm={text.submit}
      isPending={isPending}
      error={error}
      onConfirm={() => void submit({ input: { project, remove: [name] } })}
      onClose={onClose}
    >
      <p>{text.hint}</p>
    </ConfirmDialog>
  );
}

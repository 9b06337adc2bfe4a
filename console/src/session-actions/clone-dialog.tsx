import { useState } from 'react';
import { useLocation } from 'wouter';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { sessionPath } from '../app/paths.ts';
import { useIdempotencyKey } from '../app/use-idempotency-key.ts';
import { Button } from '../components/button.tsx';
import { Checkbox } from '../components/checkbox.tsx';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { CloneSessionDocument, type SessionActionsFragment } from '../generated/graphql.ts';
import { SessionNotice } from '../session-fields/session-notice.tsx';
import { EditedCloneDialog } from '../session-form/edited-clone-dialog.tsx';
import { sessionActions } from '../text/session-actions.ts';

const text = sessionActions.clone;

interface Props {
  session: SessionActionsFragment;
  onClose(): void;
}

/** After success the new session is shown. */
export function CloneDialog({ session, onClose }: Props) {
  const [isEdited, setEdited] = useState(false);
  if (isEdited) return <EditedCloneDialog session={session} onClose={onClose} />;
  return (
    <Dialog title={text.title(session.displayName ?? session.name)} isOpen onClose={onClose}>
      <CloneForm session={session} onEdit={() => setEdited(true)} onClose={onClose} />
    </Dialog>
  );
}

function CloneForm({ session: source, onEdit, onClose }: Props & { onEdit(): void }) {
  const [displayName, setDisplayName] = useState(source.displayName ?? '');
  const [targetName, setTargetName] = useState('');
  const [targetProject, setTargetProject] = useState(source.projectName);
  // Undefined: as the server does unless told otherwise.
  const [copiesVariables, setCopiesVariables] = useState<boolean>();
  const [copiesAutoPush, setCopiesAutoPush] = useState<boolean>();
  const [starts, setStarts] = useState(false);
  const [, navigate] = useLocation();
  const cloning = useFormMutation(CloneSessionDocument, {
    onDone({ cloneSession: cloned }) {
      onClose();
      if (cloned) navigate(sessionPath(cloned.session.projectName, cloned.session.name));
    },
  });
  const { errors, isPending } = cloning;
  const isSameProject = targetProject.trim() === source.projectName;
  const input = {
    project: source.projectName,
    name: source.name,
    targetProject: targetProject.trim(),
    targetName: targetName.trim() || null,
    displayName: displayName.trim() || null,
    copyEnvironmentVariables: copiesVariables ?? null,
    copyAutoPush: copiesAutoPush ?? null,
    start: starts,
  };
  const { send, sendAnother } = useIdempotencyKey(
    (idempotencyKey) => void cloning.submit({ input: { ...input, idempotencyKey } }),
  );
  return (
    <MutationForm
      of={cloning}
      notice={
        <SessionNotice
          of={cloning}
          project={input.targetProject}
          isNamed={input.targetName !== null}
          onOpen={onClose}
          onCreateAnother={sendAnother}
        />
      }
      onSubmit={send}
      actions={<DialogActions submit={text.submit} isPending={isPending} onCancel={onClose} />}
    >
      <p>{text.hint}</p>
      <Button onPress={onEdit}>{text.edit}</Button>
      <Field
        label={text.displayName}
        {...(source.displayName !== null && { hint: text.displayNameHint })}
        value={displayName}
        onChange={setDisplayName}
        error={errors.at('displayName')}
        autoFocus
      />
      <Field
        label={text.name}
        hint={text.nameHint}
        value={targetName}
        onChange={setTargetName}
        error={errors.at('targetName')}
        autoComplete="off"
      />
      <Field
        label={text.project}
        value={targetProject}
        onChange={setTargetProject}
        error={errors.at('targetProject')}
        autoComplete="off"
        isRequired
      />
      <Checkbox
        label={text.environmentVariables}
        {...(!isSameProject && { hint: text.environmentVariablesHint })}
        isSelected={copiesVariables ?? isSameProject}
        onChange={setCopiesVariables}
      />
      <Checkbox
        label={text.autoPush}
        isSelected={copiesAutoPush ?? isSameProject}
        onChange={setCopiesAutoPush}
      />
      <Checkbox label={text.start} hint={text.startHint} isSelected={starts} onChange={setStarts} />
    </MutationForm>
  );
}

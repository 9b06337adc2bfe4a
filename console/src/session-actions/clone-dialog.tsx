import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useLocation } from 'wouter';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { sessionPath } from '../app/paths.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { Checkbox } from '../components/checkbox.tsx';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
import { useFocusOnError } from '../components/use-focus-on-error.ts';
import { CloneSessionDocument, type SessionActionsFragment } from '../generated/graphql.ts';
import { sessionActions } from '../text/session-actions.ts';

const text = sessionActions.clone;

interface Props {
  session: SessionActionsFragment;
  onClose(): void;
}

/** After success the new session is shown. */
export function CloneDialog({ session, onClose }: Props) {
  return (
    <Dialog title={text.title(session.displayName ?? session.name)} isOpen onClose={onClose}>
      <CloneForm session={session} onClose={onClose} />
    </Dialog>
  );
}

function CloneForm({ session: source, onClose }: Props) {
  const [displayName, setDisplayName] = useState(source.displayName ?? '');
  const [targetName, setTargetName] = useState('');
  const [targetProject, setTargetProject] = useState(source.projectName);
  // Undefined: as the server does unless told otherwise.
  const [copiesVariables, setCopiesVariables] = useState<boolean>();
  const [copiesAutoPush, setCopiesAutoPush] = useState<boolean>();
  const [starts, setStarts] = useState(false);
  const [, navigate] = useLocation();
  const isMounted = useIsMounted();
  const [cloneSession, { loading, error }] = useMutation(CloneSessionDocument, {
    onCompleted: ({ cloneSession: cloned }) => {
      if (!isMounted.current) return;
      onClose();
      if (cloned) navigate(sessionPath(cloned.session.projectName, cloned.session.name));
    },
    // It is shown.
    onError: () => {},
  });
  const isSameProject = targetProject.trim() === source.projectName;
  const errors = formErrorsOf(error, ['displayName', 'targetName', 'targetProject']);
  const form = useFocusOnError(error);
  return (
    <Form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (loading) return;
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
        void cloneSession({ variables: { input } });
      }}
    >
      <p>{text.hint}</p>
      <Field
        label={text.displayName}
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
      <ErrorNotice error={errors.rest} />
      <DialogActions submit={text.submit} isPending={loading} onCancel={onClose} />
    </Form>
  );
}

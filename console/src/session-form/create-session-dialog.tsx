import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { Link, useLocation } from 'wouter';
import { fieldErrorsOf, problemsOf } from '../apollo/errors.ts';
import { sessionPath } from '../app/paths.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { Checkbox } from '../components/checkbox.tsx';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
import { useFocusOnError } from '../components/use-focus-on-error.ts';
import { CreateSessionDocument } from '../generated/graphql.ts';
import { sessionForm as text } from '../text/session-form.ts';
import { MoreSettings } from './more-settings.tsx';
import { RepoRows } from './repo-rows.tsx';
import { RunnerFields } from './runner-fields.tsx';
import { EMPTY_DRAFT, type FormProps, inputOf } from './session-draft.ts';
import './session-form.css';

interface Props {
  project: string;
  isOpen: boolean;
  onClose(): void;
}

/** After success the new session is shown. */
export function CreateSessionDialog({ project, isOpen, onClose }: Props) {
  return (
    <Dialog title={text.title} isOpen={isOpen} onClose={onClose} isDrawer>
      <CreateSessionForm project={project} onClose={onClose} />
    </Dialog>
  );
}

function CreateSessionForm({ project, onClose }: Omit<Props, 'isOpen'>) {
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  // However often it is sent, it makes one session.
  const [idempotencyKey] = useState(randomKey);
  const [, navigate] = useLocation();
  const isMounted = useIsMounted();
  const [createSession, { loading, error }] = useMutation(CreateSessionDocument, {
    onCompleted: ({ createSession: created }) => {
      if (!isMounted.current) return;
      onClose();
      if (created) navigate(sessionPath(project, created.session.name));
    },
    // It is shown.
    onError: () => {},
  });
  const fieldErrors = fieldErrorsOf(error);
  const fields: FormProps = {
    draft,
    onChange: (change) => setDraft((current) => ({ ...current, ...change })),
    errorOf: (path) => fieldErrors.get(`input.${path}`),
  };
  const form = useFocusOnError(error);
  const created = createdBefore(error);
  return (
    <Form
      ref={form}
      className="session-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!loading) void createSession({ variables: { input: inputOf(project, draft, idempotencyKey) } });
      }}
    >
      <Field
        label={text.prompt}
        hint={text.promptHint}
        rows={6}
        value={draft.initialPrompt}
        onChange={(initialPrompt) => fields.onChange({ initialPrompt })}
        error={fields.errorOf('initialPrompt')}
        autoFocus
      />
      <Field
        label={text.displayName}
        hint={text.displayNameHint}
        value={draft.displayName}
        onChange={(displayName) => fields.onChange({ displayName })}
        error={fields.errorOf('displayName')}
        autoComplete="off"
      />
      <RunnerFields {...fields} />
      <RepoRows {...fields} />
      <details open={fieldErrors.size > 0 || undefined}>
        <summary>{text.advanced}</summary>
        <MoreSettings {...fields} />
      </details>
      <Checkbox
        label={text.start}
        isSelected={draft.start}
        onChange={(start) => fields.onChange({ start })}
      />
      <ErrorNotice error={error} />
      {created !== undefined && (
        <p>
          {text.created} <Link href={sessionPath(project, created)}>{text.open}</Link>
        </p>
      )}
      <DialogActions submit={text.submit} isPending={loading} onCancel={onClose} />
    </Form>
  );
}

/** The session that was created although the mutation has failed later. */
function createdBefore(error: unknown): string | undefined {
  const session = problemsOf(error)[0]?.extensions.session;
  return (session as { name?: string } | undefined)?.name;
}

/** `crypto.randomUUID` is there only over HTTPS and on localhost. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');
}

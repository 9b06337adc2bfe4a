import { useState } from 'react';
import { useLocation } from 'wouter';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { sessionPath } from '../app/paths.ts';
import { useIdempotencyKey } from '../app/use-idempotency-key.ts';
import { Checkbox } from '../components/checkbox.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { FoldedFields } from '../components/folded-fields.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { CreateSessionDocument } from '../generated/graphql.ts';
import { MoreSessionFields } from '../session-fields/more-session-fields.tsx';
import { RepoRows } from '../session-fields/repo-rows.tsx';
import { RunnerFields } from '../session-fields/runner-fields.tsx';
import { SessionNotice } from '../session-fields/session-notice.tsx';
import { sessionFields } from '../text/session-fields.ts';
import { sessionForm as text } from '../text/session-form.ts';
import { EMPTY_DRAFT, inputOf, type SessionDraft } from './session-draft.ts';

interface SessionFormProps {
  project: string;
  /** What it begins with. */
  initial?: SessionDraft;
  onClose(): void;
}

/** Creates a session, and shows it. */
export function SessionForm({ project, initial = EMPTY_DRAFT, onClose }: SessionFormProps) {
  // Its source can change meanwhile.
  const [first] = useState(initial);
  const [draft, setDraft] = useState(first);
  const [, navigate] = useLocation();
  const creation = useFormMutation(CreateSessionDocument, {
    onDone({ createSession: created }) {
      onClose();
      if (created) navigate(sessionPath(project, created.session.name));
    },
  });
  const { at } = creation.errors;
  const update = (changes: Partial<SessionDraft>) => setDraft((current) => ({ ...current, ...changes }));
  const fields = { project, values: draft, update, at };
  const { send, sendAnother } = useIdempotencyKey(
    (key) => void creation.submit({ input: inputOf(project, draft, key) }),
  );
  return (
    <MutationForm
      of={creation}
      onSubmit={send}
      isChanged={draft !== first}
      notice={
        <SessionNotice
          of={creation}
          project={project}
          isNamed={draft.name.trim() !== ''}
          onOpen={onClose}
          onCreateAnother={sendAnother}
        />
      }
      actions={<DialogActions submit={text.submit} isPending={creation.isPending} onCancel={onClose} />}
    >
      <Field
        label={sessionFields.prompt}
        hint={sessionFields.promptHint}
        rows={6}
        value={draft.initialPrompt}
        onChange={(initialPrompt) => update({ initialPrompt })}
        error={at('initialPrompt')}
        autoFocus
      />
      <Field
        label={sessionFields.displayName}
        hint={text.displayNameHint}
        value={draft.displayName}
        onChange={(displayName) => update({ displayName })}
        error={at('displayName')}
        autoComplete="off"
      />
      <RunnerFields {...fields} />
      <RepoRows {...fields} />
      <FoldedFields summary={sessionFields.more}>
        <Field
          label={text.name}
          hint={text.nameHint}
          value={draft.name}
          onChange={(name) => update({ name })}
          error={at('name')}
          autoComplete="off"
        />
        <Field
          label={text.parentSession}
          hint={text.parentSessionHint}
          value={draft.parentSession}
          onChange={(parentSession) => update({ parentSession })}
          error={at('parentSession')}
          autoComplete="off"
        />
        <MoreSessionFields {...fields} />
      </FoldedFields>
      <Checkbox label={text.start} isSelected={draft.start} onChange={(start) => update({ start })} />
    </MutationForm>
  );
}

import { useState } from 'react';
import { useLocation } from 'wouter';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { projectPath } from '../app/paths.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { CreateProjectDocument, ProjectsDocument } from '../generated/graphql.ts';
import { projects } from '../text/projects.ts';

const text = projects.form;

interface Props {
  isOpen: boolean;
  onClose(): void;
}

export function CreateProjectDialog({ isOpen, onClose }: Props) {
  return (
    <Dialog title={text.title} isOpen={isOpen} onClose={onClose}>
      <CreateProjectForm onClose={onClose} />
    </Dialog>
  );
}

function CreateProjectForm({ onClose }: { onClose(): void }) {
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [description, setDescription] = useState('');
  const [, navigate] = useLocation();
  const creation = useFormMutation(CreateProjectDocument, {
    refetchQueries: [ProjectsDocument],
    onDone({ createProject: created }) {
      onClose();
      if (created) navigate(projectPath(created.project.name));
    },
  });
  const { errors, isPending } = creation;
  const input = { name, displayName: displayName || null, description: description || null };
  return (
    <MutationForm
      of={creation}
      onSubmit={() => void creation.submit({ input })}
      actions={<DialogActions submit={text.submit} isPending={isPending} onCancel={onClose} />}
    >
      <p>{text.hint}</p>
      <Field
        label={text.name}
        hint={text.nameHint}
        value={name}
        onChange={setName}
        error={errors.at('name')}
        autoComplete="off"
        isRequired
        autoFocus
      />
      <Field
        label={text.displayName}
        value={displayName}
        onChange={setDisplayName}
        error={errors.at('displayName')}
      />
      <Field
        label={text.description}
        rows={3}
        value={description}
        onChange={setDescription}
        error={errors.at('description')}
      />
    </MutationForm>
  );
}

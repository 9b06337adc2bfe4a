import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { projectPath } from '../app/routes.tsx';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { CreateProjectDocument, ProjectsDocument } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
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
  const [createProject, { loading, error }] = useMutation(CreateProjectDocument, {
    refetchQueries: [ProjectsDocument],
    onCompleted: () => {
      onClose();
      navigate(projectPath(name));
    },
    // It is shown.
    onError: () => {},
  });
  function submit() {
    if (loading) return;
    const input = { name, displayName: displayName || null, description: description || null };
    void createProject({ variables: { input } });
  }
  const actions = (
    <>
      <Button onPress={onClose}>{common.cancel}</Button>
      <Button type="submit" variant="primary" isPending={loading}>
        {text.submit}
      </Button>
    </>
  );
  return (
    <Form error={error} onSubmit={submit} actions={actions}>
      <p>{text.hint}</p>
      <Field
        name="name"
        label={text.name}
        hint={text.nameHint}
        value={name}
        onChange={setName}
        autoComplete="off"
        isRequired
        autoFocus
      />
      <Field name="displayName" label={text.displayName} value={displayName} onChange={setDisplayName} />
      <Field
        name="description"
        label={text.description}
        rows={3}
        value={description}
        onChange={setDescription}
      />
    </Form>
  );
}

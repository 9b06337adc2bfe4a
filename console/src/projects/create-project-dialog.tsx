import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useLocation } from 'wouter';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { projectPath } from '../app/paths.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { Dialog } from '../components/dialog.tsx';
import { DialogActions } from '../components/dialog-actions.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Field } from '../components/field.tsx';
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
  const isMounted = useIsMounted();
  const [createProject, { loading, error }] = useMutation(CreateProjectDocument, {
    refetchQueries: [ProjectsDocument],
    onCompleted: ({ createProject: created }) => {
      if (!isMounted.current) return;
      onClose();
      if (created) navigate(projectPath(created.project.name));
    },
    // It is shown.
    onError: () => {},
  });
  const errors = formErrorsOf(error, ['name', 'displayName', 'description']);
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        if (loading) return;
        const input = { name, displayName: displayName || null, description: description || null };
        void createProject({ variables: { input } });
      }}
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
      <ErrorNotice error={errors.rest} />
      <DialogActions submit={text.submit} isPending={loading} onCancel={onClose} />
    </Form>
  );
}

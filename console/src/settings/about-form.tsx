import { useApolloClient, useMutation } from '@apollo/client/react';
import { Form } from 'react-aria-components';
import { hasCode } from '../apollo/errors.ts';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { useDraft } from '../app/use-draft.ts';
import { ConflictNotice } from '../components/conflict-notice.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import '../components/facts.css';
import { Field } from '../components/field.tsx';
import { Section } from '../components/section.tsx';
import {
  type ProjectAboutFragment,
  ProjectSettingsDocument,
  UpdateProjectDocument,
} from '../generated/graphql.ts';
import { settings } from '../text/settings.ts';
import { FormActions } from './form-actions.tsx';

const text = settings.about;

interface AboutFormProps {
  stored: ProjectAboutFragment;
  mayChange: boolean;
}

/** What a project says about itself. */
export function AboutForm({ stored, mayChange }: AboutFormProps) {
  const client = useApolloClient();
  const { base, values, isChanged, update, reset } = useDraft(stored, valuesOf);
  const [mutate, { data, loading, error, reset: forget }] = useMutation(UpdateProjectDocument, {
    onCompleted: (answer) => answer.updateProject && reset(answer.updateProject.project),
    // It is shown.
    onError: () => {},
  });
  const errors = formErrorsOf(error, ['displayName', 'description']);
  const save = ({ name, resourceVersion }: ProjectAboutFragment) => {
    const { displayName, description } = values;
    const input = { name, displayName: displayName || null, description: description || null };
    void mutate({ variables: { input: { ...input, resourceVersion } } });
  };
  const discard = (current: ProjectAboutFragment) => {
    forget();
    reset(current);
  };
  const read = async () => {
    const variables = { project: stored.name };
    const query = ProjectSettingsDocument;
    const answer = await client.query({ query, variables, fetchPolicy: 'network-only' });
    return answer.data?.project;
  };
  return (
    <Section title={text.title}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!loading) save(base);
        }}
      >
        <dl className="facts">
          <dt>{text.name}</dt>
          <dd>
            <code>{stored.name}</code>
          </dd>
        </dl>
        <Field
          label={text.displayName}
          value={values.displayName}
          onChange={(displayName) => update({ displayName })}
          error={errors.at('displayName')}
          isReadOnly={!mayChange}
        />
        <Field
          label={text.description}
          hint={text.descriptionHint}
          rows={3}
          value={values.description}
          onChange={(description) => update({ description })}
          error={errors.at('description')}
          isReadOnly={!mayChange}
        />
        <ConflictNotice
          error={error}
          base={base}
          read={read}
          labels={{ displayName: text.displayName, description: text.description }}
          onOverwrite={save}
          onDiscard={discard}
        />
        {!hasCode(error, 'CONFLICT') && <ErrorNotice error={errors.rest} />}
        {mayChange && (
          <FormActions
            isChanged={isChanged}
            isPending={loading}
            isSaved={Boolean(data?.updateProject)}
            onDiscard={() => discard(stored)}
          />
        )}
      </Form>
    </Section>
  );
}

function valuesOf({ displayName, description }: ProjectAboutFragment) {
  return { displayName: displayName ?? '', description: description ?? '' };
}

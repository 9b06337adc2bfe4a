import { useApolloClient } from '@apollo/client/react';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { useDraft } from '../app/use-draft.ts';
import { type ComparedField, ConflictNotice } from '../components/conflict-notice.tsx';
import { Facts } from '../components/facts.tsx';
import { Field } from '../components/field.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
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
  const { base, values, changes, isChanged, update, reset } = useDraft(stored, valuesOf);
  const saving = useFormMutation(UpdateProjectDocument, {
    onDone: (answer) => answer.updateProject && reset(answer.updateProject.project),
  });
  const { errors } = saving;
  const save = ({ name, resourceVersion }: ProjectAboutFragment) => {
    const { displayName, description } = changes;
    const input = {
      name,
      ...(displayName !== undefined && { displayName: displayName || null }),
      ...(description !== undefined && { description: description || null }),
      resourceVersion,
    };
    void saving.submit({ input });
  };
  const discard = (current: ProjectAboutFragment) => {
    saving.reset();
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
      <MutationForm
        of={saving}
        onSubmit={() => save(base)}
        notice={
          <ConflictNotice
            of={saving}
            base={base}
            read={read}
            fieldsOf={comparedFieldsOf}
            onOverwrite={save}
            onDiscard={discard}
          />
        }
        actions={
          mayChange && (
            <FormActions
              isChanged={isChanged}
              isPending={saving.isPending}
              isSaved={Boolean(saving.data)}
              onDiscard={() => discard(stored)}
            />
          )
        }
      >
        <Facts items={[[text.name, <code key="name">{stored.name}</code>]]} />
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
      </MutationForm>
    </Section>
  );
}

function valuesOf({ displayName, description }: ProjectAboutFragment) {
  return { displayName: displayName ?? '', description: description ?? '' };
}

function comparedFieldsOf({ displayName, description }: ProjectAboutFragment): ComparedField[] {
  return [
    { label: text.displayName, value: displayName },
    { label: text.description, value: description },
  ];
}

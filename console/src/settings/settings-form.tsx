import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { useFormMutation } from '../apollo/use-form-mutation.ts';
import { useDraft } from '../app/use-draft.ts';
import { ConflictNotice } from '../components/conflict-notice.tsx';
import { MutationForm } from '../components/mutation-form.tsx';
import { Section } from '../components/section.tsx';
import {
  ProjectSettingsDocument,
  type SettingsDetailsFragment,
  UpdateProjectSettingsDocument,
} from '../generated/graphql.ts';
import { isLastAdmin } from '../members/is-last-admin.ts';
import { LastAdmin } from '../members/last-admin.tsx';
import { settings } from '../text/settings.ts';
import { FormActions } from './form-actions.tsx';
import { SettingsFields } from './settings-fields.tsx';
import { comparedFieldsOf, inputOf, valuesOf } from './settings-values.ts';

const text = settings.defaults;

interface SettingsFormProps {
  project: string;
  /** Null if the project has none. */
  stored: SettingsDetailsFragment | null;
  mayChange: boolean;
}

export function SettingsForm({ project, stored, mayChange }: SettingsFormProps) {
  const client = useApolloClient();
  const { base, values, changes, isChanged, update, reset } = useDraft(stored, valuesOf);
  const [isAllowed, setAllowed] = useState(false);
  const saving = useFormMutation(UpdateProjectSettingsDocument, {
    refetchQueries: [ProjectSettingsDocument],
    onDone: (answer) => answer.updateProjectSettings && reset(answer.updateProjectSettings.settings),
  });
  const save = (version: SettingsDetailsFragment | null) => {
    // It was for this attempt alone.
    setAllowed(false);
    const resourceVersion = version?.resourceVersion ?? null;
    const input = { project, ...inputOf(changes), allowRemovingLastAdmin: isAllowed, resourceVersion };
    void saving.submit({ input });
  };
  const discard = (current: SettingsDetailsFragment | null) => {
    setAllowed(false);
    saving.reset();
    reset(current);
  };
  const read = async () => {
    const query = ProjectSettingsDocument;
    const answer = await client.query({ query, variables: { project }, fetchPolicy: 'network-only' });
    return answer.data?.project?.settings;
  };
  return (
    <Section title={text.title} hint={text.hint}>
      <MutationForm
        of={saving}
        onSubmit={() => save(base)}
        notice={
          isLastAdmin(saving.error) ? (
            <LastAdmin isAllowed={isAllowed} onAllow={setAllowed} />
          ) : (
            <ConflictNotice
              of={saving}
              base={base}
              read={read}
              fieldsOf={comparedFieldsOf}
              onOverwrite={save}
              onDiscard={discard}
            />
          )
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
        <SettingsFields
          values={values}
          update={update}
          errors={saving.errors}
          mcpServers={stored?.mcpServersConfig}
          isReadOnly={!mayChange}
        />
      </MutationForm>
    </Section>
  );
}

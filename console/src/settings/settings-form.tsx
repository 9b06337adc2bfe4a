import { useApolloClient, useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { hasCode } from '../apollo/errors.ts';
import { formErrorsOf } from '../apollo/form-errors.ts';
import { useDraft } from '../app/use-draft.ts';
import { ConflictNotice } from '../components/conflict-notice.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
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
import { changesOf, valuesOf } from './settings-values.ts';

const text = settings.defaults;

interface SettingsFormProps {
  project: string;
  /** Null if the project has none. */
  stored: SettingsDetailsFragment | null;
  mayChange: boolean;
}

export function SettingsForm({ project, stored, mayChange }: SettingsFormProps) {
  const client = useApolloClient();
  const { base, values, isChanged, update, reset } = useDraft(stored, valuesOf);
  const [isAllowed, setAllowed] = useState(false);
  const [mutate, { data, loading, error, reset: forget }] = useMutation(UpdateProjectSettingsDocument, {
    refetchQueries: [ProjectSettingsDocument],
    onCompleted(answer) {
      if (answer.updateProjectSettings) reset(answer.updateProjectSettings.settings);
    },
    // It is shown.
    onError: () => {},
  });
  const errors = formErrorsOf(error, [
    'inactivityTimeoutSeconds',
    'runnerSecretsName',
    'repositories',
    'groupAccess',
  ]);
  const wouldRemoveLastAdmin = isLastAdmin(error);
  const isConflict = hasCode(error, 'CONFLICT') && !wouldRemoveLastAdmin && base !== null;
  const save = (version: SettingsDetailsFragment | null) => {
    // It was for this attempt alone.
    setAllowed(false);
    const resourceVersion = version?.resourceVersion ?? null;
    const input = { project, ...changesOf(values, base), allowRemovingLastAdmin: isAllowed, resourceVersion };
    void mutate({ variables: { input } });
  };
  const discard = (current: SettingsDetailsFragment | null) => {
    setAllowed(false);
    forget();
    reset(current);
  };
  const read = async () => {
    const query = ProjectSettingsDocument;
    const answer = await client.query({ query, variables: { project }, fetchPolicy: 'network-only' });
    return answer.data?.project?.settings;
  };
  return (
    <Section title={text.title} hint={text.hint}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (!loading) save(base);
        }}
      >
        <SettingsFields
          values={values}
          update={update}
          errors={errors}
          mcpServers={stored?.mcpServersConfig}
          isReadOnly={!mayChange}
        />
        {wouldRemoveLastAdmin && <LastAdmin isAllowed={isAllowed} onAllow={setAllowed} />}
        {isConflict && (
          <ConflictNotice<SettingsDetailsFragment>
            error={error}
            base={base}
            read={read}
            labels={{
              inactivityTimeoutSeconds: text.inactivity,
              runnerSecretsName: text.secretsName,
              repositories: text.repositories,
              groupAccess: text.groups,
            }}
            onOverwrite={save}
            onDiscard={discard}
          />
        )}
        {!isConflict && !wouldRemoveLastAdmin && <ErrorNotice error={errors.rest} />}
        {mayChange && (
          <FormActions
            isChanged={isChanged}
            isPending={loading}
            isSaved={Boolean(data?.updateProjectSettings)}
            onDiscard={() => discard(stored)}
          />
        )}
      </Form>
    </Section>
  );
}

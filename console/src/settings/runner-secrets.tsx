import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { AccessNotice } from '../access/access-notice.tsx';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Rows } from '../components/rows.tsx';
import { Section } from '../components/section.tsx';
import { Spinner } from '../components/spinner.tsx';
import { type ReviewFragment, RunnerSecretsDocument } from '../generated/graphql.ts';
import { settings } from '../text/settings.ts';
import { RemoveSecretDialog } from './remove-secret-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';

const text = settings.secrets;

interface RunnerSecretsProps {
  project: string;
  review: ReviewFragment | null | undefined;
}

/** The names of the secrets. Their values are never read. */
export function RunnerSecrets({ project, review }: RunnerSecretsProps) {
  /** The key whose value is to be set; empty for a new one. */
  const [isSetting, setSetting] = useState<string>();
  const [removed, setRemoved] = useState<string>();
  const { data, error, loading } = useQuery(RunnerSecretsDocument, {
    variables: { project },
    ...READ_WHEN_OPENED,
  });
  const mayChange = review?.allowed === true;
  const keys = data?.project?.runnerSecretKeys ?? [];
  return (
    <Section
      title={text.title}
      hint={text.hint}
      actions={mayChange && <Button onPress={() => setSetting('')}>{text.add}</Button>}
    >
      <AccessNotice denied={settings.mayNotChangeSecrets} review={review} />
      {mayChange && <ErrorNotice error={error} />}
      {!data && loading && <Spinner />}
      <Rows
        label={text.list}
        items={keys}
        empty={mayChange && data?.project && !error && <p>{text.empty}</p>}
      >
        {(key) => (
          <li key={key}>
            <div className="row-main">
              <code>{key}</code>
            </div>
            {mayChange && (
              <div className="row-side">
                <Button variant="quiet" aria-label={text.replaceOf(key)} onPress={() => setSetting(key)}>
                  {text.replace}
                </Button>
                <Button variant="quiet" aria-label={text.removeOf(key)} onPress={() => setRemoved(key)}>
                  {text.remove}
                </Button>
              </div>
            )}
          </li>
        )}
      </Rows>
      {isSetting !== undefined && (
        <SecretDialog project={project} replaced={isSetting} onClose={() => setSetting(undefined)} />
      )}
      {removed !== undefined && (
        <RemoveSecretDialog project={project} name={removed} onClose={() => setRemoved(undefined)} />
      )}
    </Section>
  );
}

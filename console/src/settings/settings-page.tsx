import { useQuery } from '@apollo/client/react';
import { AccessNotice } from '../access/access-notice.tsx';
import { useRights } from '../access/use-rights.ts';
import { problemsAt } from '../apollo/errors.ts';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';
import type { ProjectPageProps } from '../app/paths.ts';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Loaded } from '../components/loaded.tsx';
import { Page } from '../components/page.tsx';
import { MayChangeSettingsDocument, ProjectSettingsDocument } from '../generated/graphql.ts';
import { settings as text } from '../text/settings.ts';
import { AboutForm } from './about-form.tsx';
import { DeleteProject } from './delete-project.tsx';
import { RunnerSecrets } from './runner-secrets.tsx';
import { SettingsForm } from './settings-form.tsx';

export function SettingsPage({ project }: ProjectPageProps) {
  const { data, error, loading, refetch } = useQuery(ProjectSettingsDocument, {
    variables: { project },
    ...READ_WHEN_OPENED,
  });
  const rights = useRights(MayChangeSettingsDocument, { project });
  const { mayChangeSettings, mayChangeSecrets, mayDeleteProject } = rights;
  const mayChange = mayChangeSettings?.allowed === true;
  const problems = problemsAt(error, 'project.settings');
  return (
    <Page title={text.title}>
      <AccessNotice denied={text.mayNotChange} review={mayChangeSettings} />
      <Loaded
        value={data?.project}
        isLoading={loading}
        error={data?.project ? undefined : error}
        onRetry={() => void refetch()}
      >
        {(loaded) => (
          <>
            <AboutForm stored={loaded} mayChange={mayChange} />
            {problems.length > 0 ? (
              <ErrorNotice error={problems} />
            ) : (
              <SettingsForm project={project} stored={loaded.settings ?? null} mayChange={mayChange} />
            )}
            <RunnerSecrets project={project} review={mayChangeSecrets} />
            <DeleteProject project={loaded} review={mayDeleteProject} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

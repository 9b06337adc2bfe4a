import { useQuery } from '@apollo/client/react';
import { Dialog } from '../components/dialog.tsx';
import { Loaded } from '../components/loaded.tsx';
import { type SessionActionsFragment, SessionTemplateDocument } from '../generated/graphql.ts';
import { type StoredTemplate, valuesOfTemplate } from '../session-fields/session-values.ts';
import { sessionForm as text } from '../text/session-form.ts';
import { EMPTY_DRAFT, type SessionDraft } from './session-draft.ts';
import { SessionForm } from './session-form.tsx';

interface EditedCloneDialogProps {
  session: SessionActionsFragment;
  onClose(): void;
}

/** A new session of the same project that begins with all that another one says, and that can be changed before. */
export function EditedCloneDialog({ session, onClose }: EditedCloneDialogProps) {
  const { projectName: project, name, displayName } = session;
  const { data, error, loading, refetch } = useQuery(SessionTemplateDocument, {
    variables: { project, name },
    fetchPolicy: 'network-only',
  });
  return (
    <Dialog title={text.cloneTitle(displayName ?? name)} isOpen onClose={onClose} isDrawer>
      <Loaded value={data?.session} isLoading={loading} error={error} onRetry={() => void refetch()}>
        {(source) => (
          <>
            <p>{text.cloneHint}</p>
            <SessionForm project={project} initial={draftOf(source)} onClose={onClose} />
          </>
        )}
      </Loaded>
    </Dialog>
  );
}

/** What Writ or the cluster has set is not for a user to say. */
function draftOf(source: StoredTemplate): SessionDraft {
  const { labels, environmentVariables, ...others } = valuesOfTemplate(source);
  return {
    ...EMPTY_DRAFT,
    ...others,
    labels: labels.filter(({ key }) => !RESERVED_PREFIX.test(key)),
    environmentVariables: environmentVariables.filter(({ key }) => key !== 'RUNNER_TYPE'),
    start: false,
  };
}

const RESERVED_PREFIX = /(^|\.)(ambient-code\.io|vteam\.ambient-code|kubernetes\.io|k8s\.io|openshift\.io)\//;

import { useQuery } from '@apollo/client/react';
import { RESERVED_PREFIX } from '../../../src/model/labels-and-annotations.ts';
import { Dialog } from '../components/dialog.tsx';
import { Loaded } from '../components/loaded.tsx';
import { type SessionActionsFragment, SessionContentDocument } from '../generated/graphql.ts';
import { type StoredTemplate, valuesOfTemplate } from '../session-fields/session-values.ts';
import { sessionForm as text } from '../text/session-form.ts';
import { EMPTY_DRAFT, type SessionDraft } from './session-draft.ts';
import { SessionForm } from './session-form.tsx';

interface EditedCloneDialogProps {
  session: SessionActionsFragment;
  onClose(): void;
}

/** Creates a session of the same project from the values of another one, which can be changed first. */
export function EditedCloneDialog({ session, onClose }: EditedCloneDialogProps) {
  const { projectName: project, name, displayName } = session;
  const { data, error, loading, refetch } = useQuery(SessionContentDocument, {
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

/** Without labels that no input can have, and without the variable in which the runner type is stored. */
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

import { useMutation, useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { AccessNotice } from '../access/access-notice.tsx';
import { useRights } from '../access/use-rights.ts';
import { evict } from '../apollo/evict.ts';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';
import type { ProjectPageProps } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Loaded } from '../components/loaded.tsx';
import { Page } from '../components/page.tsx';
import { Rows } from '../components/rows.tsx';
import {
  type AccessKeyRowFragment,
  AccessKeysDocument,
  DeleteAccessKeyDocument,
  MayIssueKeysDocument,
} from '../generated/graphql.ts';
import { accessKeys as text } from '../text/access-keys.ts';
import { AccessKeyRow } from './access-key-row.tsx';
import { IssueKeyDialog } from './issue-key-dialog.tsx';

export function AccessKeysPage({ project }: ProjectPageProps) {
  const [isIssuing, setIssuing] = useState(false);
  const [deleted, setDeleted] = useState<AccessKeyRowFragment>();
  const { data, error, loading, refetch } = useQuery(AccessKeysDocument, {
    variables: { project },
    ...READ_WHEN_OPENED,
  });
  const { mayIssueKeys: review } = useRights(MayIssueKeysDocument, { project });
  const [deleteKey, deletion] = useMutation(DeleteAccessKeyDocument, {
    update(cache, { data: answer }) {
      evict(cache, 'AccessKey', answer?.deleteAccessKey?.deletedId);
    },
  });
  const mayIssue = review?.allowed === true;
  const confirmDeletion = ({ id, name }: AccessKeyRowFragment) => {
    setDeleted(undefined);
    void deleteKey({
      variables: { project, name },
      optimisticResponse: {
        deleteAccessKey: { __typename: 'DeleteAccessKeyPayload', deletedId: id, receipt: null },
      },
    });
  };
  const create = (
    <Button variant="primary" isDisabled={!mayIssue} onPress={() => setIssuing(true)}>
      {text.create}
    </Button>
  );
  return (
    <Page title={text.title} hint={text.hint} actions={create}>
      <AccessNotice denied={text.mayNotIssue} review={review} />
      <ErrorNotice error={deletion.error} />
      <Loaded
        value={data?.project?.accessKeys}
        isLoading={loading}
        error={error}
        onRetry={() => void refetch()}
      >
        {(keys) => (
          <Rows
            label={text.list}
            items={keys}
            empty={<EmptyState {...text.empty}>{mayIssue && create}</EmptyState>}
          >
            {(key) => (
              <AccessKeyRow key={key.id} accessKey={key} onDelete={mayIssue ? setDeleted : undefined} />
            )}
          </Rows>
        )}
      </Loaded>
      {isIssuing && <IssueKeyDialog project={project} onClose={() => setIssuing(false)} />}
      {deleted && (
        <ConfirmDialog
          title={text.deleteForm.title(deleted.name)}
          confirm={text.deleteForm.submit}
          onConfirm={() => confirmDeletion(deleted)}
          onClose={() => setDeleted(undefined)}
        >
          <p>{text.deleteForm.hint}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}

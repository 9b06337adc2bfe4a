import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { AccessNotice } from '../access/access-notice.tsx';
import { useRights } from '../access/use-rights.ts';
import { READ_WHEN_OPENED } from '../apollo/read-when-opened.ts';
import type { ProjectPageProps } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { Loaded } from '../components/loaded.tsx';
import { Page } from '../components/page.tsx';
import { Rows } from '../components/rows.tsx';
import { SearchField } from '../components/search-field.tsx';
import { MayManageMembersDocument, type MemberRowFragment, MembersDocument } from '../generated/graphql.ts';
import { members as text } from '../text/members.ts';
import { ChangeRoleDialog } from './change-role-dialog.tsx';
import { GrantAccessDialog } from './grant-access-dialog.tsx';
import { MemberRow } from './member-row.tsx';
import { RevokeAccessDialog } from './revoke-access-dialog.tsx';
import { YourRole } from './your-role.tsx';

type Change = { kind: 'grant' } | { kind: 'change' | 'revoke'; member: MemberRowFragment };

export function MembersPage({ project }: ProjectPageProps) {
  const [change, setChange] = useState<Change>();
  const { data, error, loading, refetch } = useQuery(MembersDocument, {
    variables: { project },
    ...READ_WHEN_OPENED,
  });
  const { mayManageMembers: review, maySeeSessions } = useRights(MayManageMembersDocument, { project });
  const mayManage = review?.allowed === true;
  const close = () => setChange(undefined);
  const invite = (
    <Button variant="primary" isDisabled={!mayManage} onPress={() => setChange({ kind: 'grant' })}>
      {text.invite}
    </Button>
  );
  return (
    <Page title={text.title} hint={text.hint} actions={invite}>
      <AccessNotice denied={text.mayNotManage} review={review} />
      {data?.project && <YourRole role={data.project.viewerRole ?? null} because={maySeeSessions?.because} />}
      <Loaded value={data?.project?.members} isLoading={loading} error={error} onRetry={() => void refetch()}>
        {(members) => (
          <MemberList
            members={members}
            mayManage={mayManage}
            onChange={(member) => setChange({ kind: 'change', member })}
            onRevoke={(member) => setChange({ kind: 'revoke', member })}
          />
        )}
      </Loaded>
      {change?.kind === 'grant' && <GrantAccessDialog project={project} onClose={close} />}
      {change?.kind === 'change' && (
        <ChangeRoleDialog project={project} member={change.member} onClose={close} />
      )}
      {change?.kind === 'revoke' && (
        <RevokeAccessDialog project={project} member={change.member} onClose={close} />
      )}
    </Page>
  );
}

interface MemberListProps {
  members: readonly MemberRowFragment[];
  mayManage: boolean;
  onChange(member: MemberRowFragment): void;
  onRevoke(member: MemberRowFragment): void;
}

function MemberList({ members, ...row }: MemberListProps) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = members.filter(({ subjectName }) => subjectName.toLowerCase().includes(wanted));
  return (
    <>
      {members.length > 0 && (
        <div className="toolbar">
          <SearchField label={text.search} value={search} onChange={setSearch} />
          <span className="count" role="status">
            {text.count(found.length, members.length)}
          </span>
        </div>
      )}
      {row.mayManage && members.some(({ origin }) => origin !== 'WRIT') && (
        <p className="list-hint">{text.notWrits}</p>
      )}
      <Rows
        label={text.list}
        items={found}
        empty={<EmptyState {...(members.length === 0 ? text.empty : text.noMatch(search))} />}
      >
        {(member) => <MemberRow key={member.id} member={member} {...row} />}
      </Rows>
    </>
  );
}

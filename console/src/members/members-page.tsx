import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { AccessNotice } from '../access/access-notice.tsx';
import type { ProjectPageProps } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { Loaded } from '../components/loaded.tsx';
import { Page } from '../components/page.tsx';
import { SearchField } from '../components/search-field.tsx';
import { MayManageMembersDocument, type MemberRowFragment, MembersDocument } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
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
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  });
  const { data: rights } = useQuery(MayManageMembersDocument, { variables: { project } });
  const review = rights?.viewer?.mayManageMembers;
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
      {data?.project && (
        <YourRole role={data.project.viewerRole ?? null} because={rights?.viewer?.maySeeSessions?.because} />
      )}
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
  if (members.length === 0) return <EmptyState {...text.empty} />;
  return (
    <>
      <div className="toolbar">
        <SearchField label={text.search} value={search} onChange={setSearch} />
        <span className="count" role="status">
          {common.count(found.length, members.length)}
        </span>
      </div>
      {found.length === 0 && <EmptyState {...text.noMatch(search)} />}
      {row.mayManage && members.some(({ origin }) => origin !== 'WRIT') && (
        <p className="list-hint">{text.notWrits}</p>
      )}
      {found.length > 0 && (
        <ul className="rows" aria-label={text.list}>
          {found.map((member) => (
            <MemberRow key={member.id} member={member} {...row} />
          ))}
        </ul>
      )}
    </>
  );
}

import { useQuery } from '@apollo/client/react';
import { Link } from 'wouter';
import { sessionPath } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { PhaseBadge } from '../components/phase-badge.tsx';
import { type RelativeFragment, SessionFamilyDocument } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
import { session as texts } from '../text/session.ts';
import { SessionSection } from './session-section.tsx';

const text = texts.family;

/** The session that it continues, and those that continue it. They are read when the page is opened, and again when one returns to it. */
export function Family({ project, name }: { project: string; name: string }) {
  const { data, error, loading, refetch, fetchMore } = useQuery(SessionFamilyDocument, {
    variables: { project, name },
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  });
  const family = data?.session;
  const children = (family?.children?.edges ?? []).flatMap((edge) => edge?.node ?? []);
  const endCursor = family?.children?.pageInfo?.hasNextPage ? family.children.pageInfo.endCursor : undefined;
  if (!family && !error) return null;
  return (
    <SessionSection title={text.title}>
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {family && !family.parent && children.length === 0 && !error && <p className="muted">{text.none}</p>}
      {family?.parent && (
        <>
          <h3>{text.parent}</h3>
          <Relatives project={project} sessions={[family.parent]} />
        </>
      )}
      {children.length > 0 && (
        <>
          <h3>
            {text.children} ({common.count(children.length, family?.children?.totalCount)})
          </h3>
          <Relatives project={project} sessions={children} />
        </>
      )}
      {endCursor && (
        <Button isPending={loading} onPress={() => void fetchMore({ variables: { after: endCursor } })}>
          {common.loadMore}
        </Button>
      )}
    </SessionSection>
  );
}

function Relatives({ project, sessions }: { project: string; sessions: readonly RelativeFragment[] }) {
  return (
    <ul className="plain-list">
      {sessions.map(({ id, name, displayName, phase }) => (
        <li key={id} className="relative">
          <Link href={sessionPath(project, name)}>{displayName ?? name}</Link>
          <PhaseBadge phase={phase} />
        </li>
      ))}
    </ul>
  );
}

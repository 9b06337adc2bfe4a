import { useLongList } from '../apollo/use-long-list.ts';
import { sessionPath } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { ObjectLink } from '../components/object-link.tsx';
import { PhaseBadge } from '../components/phase-badge.tsx';
import { Section } from '../components/section.tsx';
import { type RelativeFragment, SessionFamilyDocument } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
import { session as texts } from '../text/session.ts';

const text = texts.family;
const PAGE_SIZE = 20;

/** The session that it continues, and those that continue it. They are read when the page is opened, and again when one returns to it. */
export function Family({ project, name }: { project: string; name: string }) {
  const { data, error, isLoading, readAgain, readMore } = useLongList(SessionFamilyDocument, {
    variables: { project, name },
    pageSize: PAGE_SIZE,
    connectionOf: ({ session }) => session?.children,
  });
  const family = data?.session;
  const children = (family?.children?.edges ?? []).flatMap((edge) => edge?.node ?? []);
  if (!family && !error) return null;
  return (
    <Section isPlain title={text.title}>
      <ErrorNotice error={error} onRetry={readAgain} />
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
      {readMore && (
        <Button isPending={isLoading} onPress={readMore}>
          {common.loadMore}
        </Button>
      )}
    </Section>
  );
}

function Relatives({ project, sessions }: { project: string; sessions: readonly RelativeFragment[] }) {
  return (
    <ul className="plain-list">
      {sessions.map(({ id, name, displayName, phase }) => (
        <li key={id} className="relative">
          <span>
            <ObjectLink href={sessionPath(project, name)} name={name} displayName={displayName} />
          </span>
          <PhaseBadge phase={phase} />
        </li>
      ))}
    </ul>
  );
}

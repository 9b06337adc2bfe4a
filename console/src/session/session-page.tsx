import { Link, useLocation, useSearchParams } from 'wouter';
import { problemsOf } from '../apollo/errors.ts';
import { type ProjectPageProps, projectPath, sessionPath } from '../app/paths.ts';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Page } from '../components/page.tsx';
import { PhaseBadge } from '../components/phase-badge.tsx';
import { Spinner } from '../components/spinner.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { SessionActions } from '../session-actions/session-actions.tsx';
import { session as text } from '../text/session.ts';
import { DoingNow } from './doing-now.tsx';
import { LiveNotice } from './live-notice.tsx';
import { LogPart } from './logs/log-part.tsx';
import { Overview } from './overview.tsx';
import { PodsAndEvents } from './pods-and-events.tsx';
import { useSession } from './use-session.ts';
import { YamlPart } from './yaml-part.tsx';
import './session.css';

type Part = keyof typeof text.parts;
const PARTS = Object.keys(text.parts) as Part[];

export function SessionPage({ project, params }: ProjectPageProps) {
  const name = params.session ?? '';
  // Another session begins with nothing of this one.
  return <OneSession key={name} project={project} name={name} />;
}

function OneSession({ project, name }: { project: string; name: string }) {
  const { session, wasDeleted, error, lost, readAgain } = useSession(project, name);
  const [, navigate] = useLocation();
  const isMounted = useIsMounted();
  // The user may have gone to another page before it was deleted.
  const onDeleted = () => isMounted.current && navigate(projectPath(project));
  if (!session) {
    return (
      <Page title={name}>
        <ErrorNotice error={error} onRetry={readAgain} />
        {session === undefined && problemsOf(error).length === 0 && <Spinner />}
        {session === null && problemsOf(error).length === 0 && (
          <EmptyState
            {...(wasDeleted ? text.deleted : text.missing)}
            link={text.sessions}
            href={projectPath(project)}
          />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={session.displayName ?? name}
      actions={
        <>
          <PhaseBadge phase={session.phase} />
          <SessionActions session={session} onDeleted={onDeleted} />
        </>
      }
    >
      <DoingNow session={session} />
      <LiveNotice lost={lost} onReadAgain={readAgain} />
      <ErrorNotice error={error} onRetry={readAgain} />
      <SessionParts project={project} session={session} />
    </Page>
  );
}

function SessionParts({ project, session }: { project: string; session: SessionDetailFragment }) {
  const [search] = useSearchParams();
  const path = sessionPath(project, session.name);
  const part = PARTS.find((known) => known === search.get('part')) ?? 'overview';
  return (
    <>
      <nav aria-label={text.partsLabel} className="session-parts">
        {PARTS.map((each) => (
          <Link
            key={each}
            href={each === 'overview' ? path : `${path}?part=${each}`}
            aria-current={each === part ? 'page' : undefined}
          >
            {text.parts[each]}
          </Link>
        ))}
      </nav>
      {part === 'overview' && <Overview project={project} session={session} />}
      {part === 'logs' && <LogPart project={project} session={session} />}
      {part === 'pods' && <PodsAndEvents session={session} />}
      {part === 'yaml' && <YamlPart project={project} session={session} />}
    </>
  );
}

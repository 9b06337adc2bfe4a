import { lazy, Suspense } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { problemsOf } from '../apollo/errors.ts';
import { type ProjectPageProps, projectPath, sessionPath } from '../app/routes.tsx';
import { useIsMounted } from '../app/use-is-mounted.ts';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Page } from '../components/page.tsx';
import { PhaseBadge } from '../components/phase-badge.tsx';
import { Spinner } from '../components/spinner.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { SessionActions } from '../session-actions/session-actions.tsx';
import { SessionActionsProvider } from '../session-actions/session-actions-provider.tsx';
import { session as text } from '../text/session.ts';
import { DoingNow } from './doing-now.tsx';
import { LiveNotice } from './live-notice.tsx';
import { Overview } from './overview.tsx';
import { PodsAndEvents } from './pods-and-events.tsx';
import { useSession } from './use-session.ts';
import './session.css';

const LogPart = lazy(() => import('./logs/log-part.tsx'));
const YamlPart = lazy(() => import('./yaml-part.tsx'));

type Part = keyof typeof text.parts;
const PARTS = Object.keys(text.parts) as Part[];

export default function SessionPage({ project, params }: ProjectPageProps) {
  const name = params.session ?? '';
  // Another session begins with nothing of this one.
  return <OneSession key={name} project={project} name={name} />;
}

function OneSession({ project, name }: { project: string; name: string }) {
  const { session, wasDeleted, error, lost, readAgain } = useSession(project, name);
  const [, navigate] = useLocation();
  const isMounted = useIsMounted();
  if (!session) {
    return (
      <Page title={name}>
        <ErrorNotice error={error} onRetry={readAgain} />
        {session === undefined && problemsOf(error).length === 0 && <Spinner />}
        {session === null && problemsOf(error).length === 0 && (
          <EmptyState {...(wasDeleted ? text.deleted : text.missing)}>
            <Link href={projectPath(project)}>{text.sessions}</Link>
          </EmptyState>
        )}
      </Page>
    );
  }
  return (
    <SessionActionsProvider>
      <Page
        title={session.displayName ?? name}
        actions={
          <>
            <PhaseBadge phase={session.phase} />
            <SessionActions
              session={session}
              onDeleted={() => isMounted.current && navigate(projectPath(project))}
            />
          </>
        }
      >
        <DoingNow session={session} />
        <LiveNotice lost={lost} onReadAgain={readAgain} />
        <ErrorNotice error={error} onRetry={readAgain} />
        <SessionParts project={project} session={session} />
      </Page>
    </SessionActionsProvider>
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
      <Suspense fallback={<Spinner />}>
        {part === 'overview' && <Overview project={project} session={session} />}
        {part === 'logs' && <LogPart project={project} session={session} />}
        {part === 'pods' && <PodsAndEvents session={session} />}
        {part === 'yaml' && <YamlPart project={project} session={session} />}
      </Suspense>
    </>
  );
}

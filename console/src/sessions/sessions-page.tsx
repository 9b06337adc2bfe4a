import { useCallback, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { AccessNotice } from '../access/access-notice.tsx';
import { useRights } from '../access/use-rights.ts';
import { NotFound } from '../app/not-found.tsx';
import { type ProjectPageProps, projectPath } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Page } from '../components/page.tsx';
import { Spinner } from '../components/spinner.tsx';
import { MayCreateSessionDocument } from '../generated/graphql.ts';
import { CreateSessionDialog } from '../session-form/create-session-dialog.tsx';
import { sessions as text } from '../text/sessions.ts';
import { hasFilter, readSelection, type Selection, writeSelection } from './selection.ts';
import { SessionFilters } from './session-filters.tsx';
import { SessionGrid } from './session-grid.tsx';
import { useSessionList } from './use-session-list.ts';

export function SessionsPage({ project }: ProjectPageProps) {
  const [selection, changeSelection] = useSelection(project);
  const [isCreating, setCreating] = useState(false);
  const { mayCreateSession: review } = useRights(MayCreateSessionDocument, { project });
  const list = useSessionList(project, selection);
  const { sessions, totalCount, problems } = list;
  const isBusy = (list.isStale && problems.length === 0) || list.readMore !== undefined;
  const create = (
    <Button variant="primary" isDisabled={review?.allowed === false} onPress={() => setCreating(true)}>
      {text.create}
    </Button>
  );
  const noSessions = hasFilter(selection) ? (
    <EmptyState {...text.noMatch}>
      <Button onPress={() => changeSelection(NO_FILTER)}>{text.clearFilters}</Button>
    </EmptyState>
  ) : (
    <EmptyState {...text.empty}>{review?.allowed && create}</EmptyState>
  );
  if (list.isMissing) return <NotFound texts={text.missing} />;
  return (
    <Page title={text.title} actions={create}>
      <AccessNotice denied={text.mayNotCreate} review={review} />
      <SessionFilters
        selection={selection}
        onChange={changeSelection}
        count={sessions && !list.isStale ? text.total(totalCount) : ''}
      />
      <ErrorNotice error={problems} onRetry={list.readAgain} />
      {problems.some(({ code }) => code === 'BAD_USER_INPUT') && selection.order !== 'name' && (
        // Only this order needs no more than a page.
        <Button onPress={() => changeSelection({ ...NO_FILTER, order: 'name' })}>{text.byName}</Button>
      )}
      {!sessions && problems.length === 0 && <Spinner />}
      {sessions && sessions.length === 0 && (isBusy ? <Spinner /> : noSessions)}
      {sessions && sessions.length > 0 && (
        <div data-stale={list.isStale || undefined} className="session-list">
          <SessionGrid
            key={project}
            sessions={sessions}
            totalCount={totalCount}
            isLoadingMore={list.isLoadingMore}
            readMore={list.readMore}
          />
        </div>
      )}
      <CreateSessionDialog project={project} isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}

const NO_FILTER = { search: '', phases: [], isMine: false } satisfies Partial<Selection>;

/** The address keeps it, so that it can be passed on and is there after a reload. */
function useSelection(project: string): [Selection, (change: Partial<Selection>) => void] {
  const query = useSearch();
  const [, navigate] = useLocation();
  const selection = useMemo(() => readSelection(new URLSearchParams(query)), [query]);
  const change = useCallback(
    (wanted: Partial<Selection>) => {
      const next = writeSelection({ ...selection, ...wanted }).toString();
      navigate(projectPath(project, next && `?${next}`), { replace: true });
    },
    [selection, navigate, project],
  );
  return [selection, change];
}

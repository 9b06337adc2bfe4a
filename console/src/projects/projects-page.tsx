import { useQuery } from '@apollo/client/react';
import { useDeferredValue, useState } from 'react';
import { Link } from 'wouter';
import { problemsAt } from '../apollo/errors.ts';
import { projectPath } from '../app/paths.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Page } from '../components/page.tsx';
import { RelativeTime } from '../components/relative-time.tsx';
import '../components/row-link.css';
import '../components/rows.css';
import { SearchField } from '../components/search-field.tsx';
import { Spinner } from '../components/spinner.tsx';
import { MayCreateProjectDocument, type ProjectRowFragment, ProjectsDocument } from '../generated/graphql.ts';
import { common } from '../text/common.ts';
import { projects as text } from '../text/projects.ts';
import { CreateProjectDialog } from './create-project-dialog.tsx';
import './projects.css';

const PAGE_SIZE = 50;

export function ProjectsPage() {
  const [search, setSearch] = useState('');
  const [isCreating, setCreating] = useState(false);
  const wanted = useDeferredValue(search.trim());
  const { data: rights } = useQuery(MayCreateProjectDocument);
  const list = useQuery(ProjectsDocument, {
    variables: { search: wanted || null, first: PAGE_SIZE },
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  });
  const { data = list.previousData, error, loading } = list;
  const projects = data?.projects;
  const review = rights?.viewer?.mayCreateProject;
  const create = (
    <Button variant="primary" isDisabled={review?.allowed === false} onPress={() => setCreating(true)}>
      {text.create}
    </Button>
  );
  const endCursor = projects?.pageInfo?.hasNextPage ? projects.pageInfo.endCursor : undefined;
  return (
    <Page title={text.title} actions={create}>
      {review?.allowed === false && (
        <p className="page-hint">
          {text.mayNotCreate} {review.remedy?.description}
        </p>
      )}
      <div className="toolbar">
        <SearchField label={text.search} value={search} onChange={setSearch} />
        {projects?.edges && (
          <span className="count" role="status">
            {common.count(projects.edges.length, projects.totalCount)}
          </span>
        )}
      </div>
      <ErrorNotice error={problemsAt(error, 'projects')} onRetry={() => void list.refetch()} />
      {!projects && loading && <Spinner />}
      {projects?.edges && (
        <ProjectList
          projects={projects.edges.flatMap((edge) => edge?.node ?? [])}
          search={wanted}
          isLoading={loading}
        />
      )}
      {endCursor && (
        <Button isPending={loading} onPress={() => void list.fetchMore({ variables: { after: endCursor } })}>
          {common.loadMore}
        </Button>
      )}
      <CreateProjectDialog isOpen={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}

interface ProjectListProps {
  projects: readonly ProjectRowFragment[];
  search: string;
  isLoading: boolean;
}

function ProjectList({ projects, search, isLoading }: ProjectListProps) {
  if (projects.length === 0) {
    if (isLoading) return <Spinner />;
    return <EmptyState {...(search === '' ? text.empty : text.noMatch(search))} />;
  }
  return (
    <ul className="rows project-list" aria-label={text.list}>
      {projects.map((project) => (
        <ProjectRow key={project.id} project={project} />
      ))}
    </ul>
  );
}

function ProjectRow({ project }: { project: ProjectRowFragment }) {
  const { name, displayName, description, projectPhase, createdAt } = project;
  return (
    <li className="row-link">
      <div className="row-main">
        <Link href={projectPath(name)}>{displayName ?? name}</Link>
        {displayName && <code>{name}</code>}
        {projectPhase === 'TERMINATING' && <em>{text.terminating}</em>}
        {description && <p>{description}</p>}
      </div>
      <span className="row-side">
        <RelativeTime time={createdAt} />
      </span>
    </li>
  );
}
